import json
import subprocess
import sys

import pytest
from click.testing import CliRunner
from tests.support.finished_lake import write_finished_lake
from tests.support.hudi_tables import write_table

from metriccare import measures
from metriccare.cli import main
from metriccare.cli.options import PROFILES
from metriccare.cli.run import print_other_profiles
from metriccare.definitions import coverage_fields as fields
from metriccare.definitions.tables import COVERAGE, UNMAPPED_CODE
from metriccare.errors import NotebookError
from metriccare.pipeline import run


@pytest.fixture
def command():
    return lambda *arguments: CliRunner().invoke(main, arguments)


@pytest.mark.parametrize("name", sorted(main.commands))
def test_every_command_ends_its_help_with_an_example(command, name):
    answer = command(name, "--help")

    assert answer.exit_code == 0
    assert f"Example: metriccare {name}" in answer.output.strip().split("\n\n")[-1]


def test_help_loads_no_heavy_library():
    code = (
        "import sys\n"
        "from metriccare.cli import main\n"
        "main(['run', '--help'], standalone_mode=False)\n"
        "print({'pyspark', 'papermill', 'pandas', 'pyarrow'} & set(sys.modules), file=sys.stderr)\n"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert answer.stderr.strip() == "set()"


@pytest.mark.parametrize(
    "arguments",
    [
        ("measures", "--by", "ward"),
        ("measures", "--as-of", "yesterday"),
        ("measures", "--profile", "nobody"),
        ("why",),
        ("why", "--stay", "a", "--profile", "nobody"),
        ("run", "--timezone", "Europe/Atlantis"),
        ("run", "--generate", "0"),
        ("run", "--max-quarantined", "5"),
        ("run", "--config", "there is none.toml"),
        ("preflight", "--unmapped", "codes"),
        ("report",),
        ("nonsense",),
    ],
)
def test_bad_usage_ends_with_2(command, arguments):
    assert command(*arguments).exit_code == 2


def test_profiles_are_those_of_the_measures():
    assert tuple(profile.name for profile in measures.PROFILES) == PROFILES


def test_other_profiles_are_named_with_the_command_that_shows_them(capsys):
    print_other_profiles(["all_adult", "cms_like", "simple"])
    print_other_profiles(["all_adult"])

    line = "Other profiles: cms_like, simple: metriccare measures --profile simple"
    assert capsys.readouterr().out.strip() == line


def test_an_error_is_one_sentence_on_standard_error_and_exit_status_1(command, tmp_path):
    answer = command("measures", "--lake", str(tmp_path))

    assert answer.exit_code == 1
    assert answer.stdout == ""
    assert answer.stderr.startswith("Error: There is no table gold.measure_published yet")
    assert "Traceback" not in answer.stderr


def test_measures_as_json_are_a_list_for_programs_and_nothing_else(command, finished_lake):
    answer = command("measures", "--lake", finished_lake.root, "--format", "json", "--by", "hospital")

    assert [row["stratum_value"] for row in json.loads(answer.stdout)] == ["h1", "h2"]
    assert answer.stderr == ""


def test_unsuppressed_measures_say_so_on_standard_error(command, finished_lake):
    answer = command("measures", "--lake", finished_lake.root, "--format", "json", "--unsuppressed")

    assert json.loads(answer.stdout)
    assert answer.stderr.startswith("Unsuppressed")


def test_measures_are_a_table_for_people_by_default(command, finished_lake):
    answer = command("measures", "--lake", finished_lake.root)

    assert "12.3 % (10.1 to 14.9)" in answer.stdout


def test_report_prints_where_it_lies(command, finished_lake, tmp_path):
    answer = command("report", "--lake", finished_lake.root, "--out", str(tmp_path / "r.html"))

    assert answer.stdout.strip() == str(tmp_path / "r.html")
    assert (tmp_path / "r.html").is_file()


@pytest.fixture(scope="module")
def adequate_lake(tmp_path_factory):
    """Return the finished lake with what its data support."""
    lake = write_finished_lake(tmp_path_factory.mktemp("lake"))
    of_run = {"source": "default", "run_id": "run-2"}
    gender = {"resource": "Patient", "field": fields.GENDER, "rows": 100, "present": 0, "share": 0.0}
    code = {"value_set": "encounter_class", "system": "urn:oid:1", "display": "[any]", "rows": 3}
    write_table(lake, COVERAGE, [of_run | gender])
    codes = [of_run | code | {"code": one} for one in ("7", "8")]
    write_table(lake, UNMAPPED_CODE, codes)
    return lake


def test_run_shows_the_account_what_the_data_support_the_measures_and_where_things_lie(
    command, adequate_lake, monkeypatch
):
    monkeypatch.setattr(run, "run", lambda **_: "run-2")
    answer = command("run", "--lake", adequate_lake.root)

    assert answer.exit_code == 0
    parts = (
        "13 accepted",
        "have no gender",
        "In-hospital mortality",
        f"{adequate_lake.runs}/run-2",
        "report.html",
    )
    places = [answer.stdout.find(part) for part in parts]
    assert -1 < places[0] < places[1] < places[2] < places[3]
    assert places == sorted(places)


def test_preflight_shows_coverage_findings_and_the_codes_to_map(command, adequate_lake):
    answer = command("preflight", "--lake", adequate_lake.root)

    assert answer.exit_code == 0, answer.output
    for part in ("Coverage of source default", "all 100 patients have no gender", "[any]", "class_map ="):
        assert part in answer.stdout
    assert answer.stderr.startswith("Unsuppressed")


def test_preflight_writes_unmapped_codes_for_a_file_and_nothing_else(command, adequate_lake):
    answer = command("preflight", "--lake", adequate_lake.root, "--unmapped", "class")

    assert answer.stdout.splitlines() == [
        "system,code,display,category,count",
        "urn:oid:1,7,[any],,3",
        "urn:oid:1,8,[any],,3",
    ]


def test_preflight_of_an_empty_lake_says_what_to_do(command, tmp_path):
    answer = command("preflight", "--lake", str(tmp_path))

    assert answer.exit_code == 1
    assert "There is no table gold.coverage yet" in answer.stderr


def test_a_failed_run_ends_with_1_and_its_sentence(command, monkeypatch):
    def fail(**_):
        raise NotebookError("02_bronze failed in cell [3].")

    monkeypatch.setattr(run, "run", fail)
    answer = command("run")

    assert (answer.exit_code, answer.stderr) == (1, "Error: 02_bronze failed in cell [3].\n")


def test_generate_writes_a_set_and_says_what_it_holds(command, tmp_path):
    answer = command("generate", "--patients", "3", "--seed", "1", "--out", str(tmp_path / "set"))

    assert answer.exit_code == 0, answer.output
    assert "Patient 3" in answer.stdout
    assert (tmp_path / "set" / "truth.json").is_file()
