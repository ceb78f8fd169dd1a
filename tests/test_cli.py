import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from metriccare import pipeline
from metriccare.cli import main
from metriccare.errors import NotebookError


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
        ("run", "--timezone", "Europe/Atlantis"),
        ("run", "--generate", "0"),
        ("report",),
        ("nonsense",),
    ],
)
def test_bad_usage_ends_with_2(command, arguments):
    assert command(*arguments).exit_code == 2


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


def test_unsuppressed_measures_say_so_beside_the_output(command, finished_lake):
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


def test_run_shows_the_reconciliation_the_measures_and_where_things_lie(command, finished_lake, monkeypatch):
    monkeypatch.setattr(pipeline, "run", lambda **_: "run-2")
    answer = command("run", "--lake", finished_lake.root)

    assert answer.exit_code == 0
    for part in ("13 accepted", "Death in hospital", f"{finished_lake.runs}/run-2", "report.html"):
        assert part in answer.stdout


def test_a_failed_run_ends_with_1_and_its_sentence(command, monkeypatch):
    def fail(**_):
        raise NotebookError("02_bronze failed in cell [3].")

    monkeypatch.setattr(pipeline, "run", fail)
    answer = command("run")

    assert (answer.exit_code, answer.stderr) == (1, "Error: 02_bronze failed in cell [3].\n")


def test_generate_writes_a_set_and_says_what_it_holds(command, tmp_path):
    answer = command("generate", "--patients", "3", "--seed", "1", "--out", str(tmp_path / "set"))

    assert answer.exit_code == 0, answer.output
    assert "Patient 3" in answer.stdout
    assert (tmp_path / "set" / "truth.json").is_file()
