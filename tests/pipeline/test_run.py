from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import nbformat
import pytest

from metriccare.definitions.sources import NONE
from metriccare.definitions.versions import DEFINITION_VERSION
from metriccare.errors import InputError, LedgerError, NotebookError, ParameterError
from metriccare.lake.executed_notebooks import place
from metriccare.lake.ledger import FileState, FileVersion, open_ledger, this_process
from metriccare.lake.raw_files import list_files
from metriccare.pipeline import fingerprints, run
from metriccare.pipeline.checkpoints import BronzeCheckpoint, GoldCheckpoint, SilverCheckpoint, to_json
from metriccare.pipeline.run_id import checked_run_id
from metriccare.settings import Lake

NOW = datetime(2026, 11, 1, tzinfo=UTC)

STAGES = {
    "01_generate": 'patients: int = 1000\nseed: int = 7\nout: str = ""',
    "02_bronze": 'raw: str = ""\nlake: str = ""\nrun_id: str = ""\nreceived_at: str = ""\nledger_url: str = ""',
    "03_silver": 'lake: str = ""\nrun_id: str = ""\ntimezone: str = ""\nconfig: str = ""\n'
    'full_refresh: bool = False\nmax_quarantined: float = 1.0\nledger_url: str = ""',
    "04_gold": 'lake: str = ""\nrun_id: str = ""\nas_of: str = ""\nconfig: str = ""\n'
    'full_refresh: bool = False\nledger_url: str = ""',
}


@pytest.fixture
def project(write_notebook, tmp_path, monkeypatch):
    """Return a project's folder, the current one, whose four notebooks only count to one."""
    for name, parameters in STAGES.items():
        write_notebook(name, "1", parameters=parameters)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("METRICCARE_HOME", raising=False)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.ndjson").write_text("{}")
    return tmp_path


def given(folder):
    """Return the parameters that each executed notebook was given, by its name."""
    notebooks = {path.stem: nbformat.read(path, as_version=4) for path in sorted(folder.glob("*.ipynb"))}
    return {name: dict(notebook.metadata.papermill.parameters) for name, notebook in notebooks.items()}


def test_the_three_stages_run_with_absolute_places_and_one_run_id(spark, project):
    run_id = run.run(raw="in", as_of="2025-06-30", timezone="Europe/Berlin")

    lake = str(project / ".metriccare")
    shared = {"lake": lake, "run_id": run_id, "ledger_url": ""}
    assert given(project / ".metriccare" / "runs" / run_id) == {
        "02_bronze": {"raw": str(project / "in"), **shared},
        "03_silver": {
            "timezone": "Europe/Berlin",
            "config": "",
            "full_refresh": False,
            "max_quarantined": 1.0,
            **shared,
        },
        "04_gold": {"as_of": "2025-06-30", "config": "", "full_refresh": False, **shared},
    }


def test_a_configuration_is_handed_on_with_its_absolute_place(spark, project):
    (project / "sources.toml").write_text("[sources.a]")
    run_id = run.run(raw="in", config="sources.toml")

    notebooks = given(project / ".metriccare" / "runs" / run_id)
    handed = {notebooks[name]["config"] for name in ("03_silver", "04_gold")}
    assert handed == {str(project / "sources.toml")}


@pytest.mark.parametrize("place", ["sources.toml", ".metriccare/metriccare.toml"])
def test_a_configuration_that_is_not_understood_is_refused_before_anything_runs(project, place):
    (project / ".metriccare").mkdir()
    (project / place).write_text("[sources.a]\ntimezone = 'Chicago'")
    config = "" if place.startswith(".") else place

    with pytest.raises(ParameterError, match=r"sources\.a\.timezone is 'Chicago'"):
        run.run(config=config, raw="in")

    assert not (project / ".metriccare" / "runs").exists()


def test_the_generator_runs_first_where_it_is_asked_for(spark, project):
    run_id = run.run(lake=project / "lake", generate=5, seed=3, run_id="my-run")

    first = given(project / "lake" / "runs" / run_id)["01_generate"]
    assert first == {"patients": 5, "seed": 3, "out": str(project / "fhir_data")}
    assert run_id == "my-run"


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ({"as_of": "30.06.2025"}, "'30.06.2025' is not a date; use YYYY-MM-DD, e.g. 2025-06-30"),
        ({"timezone": "Berlin"}, "'Berlin' is not a time zone; use an IANA name, e.g. Europe/Berlin"),
        ({"timezone": "../etc"}, "'../etc' is not a time zone"),
        ({"run_id": "../x"}, "'../x' is not a run id; use letters"),
        ({"generate": 5, "raw": "exports"}, "folder named json"),
    ],
)
def test_an_ill_formed_value_is_refused_before_anything_runs(project, value, sentence):
    with pytest.raises(ParameterError, match=sentence):
        run.run(**value)

    assert not (project / ".metriccare").exists()


def test_a_lake_on_s3_needs_a_ledger_that_many_machines_can_ask(project):
    (project / "sources.toml").write_text("[sources.a]")
    with pytest.raises(
        LedgerError, match=r"s3://bucket/lake needs a ledger on DynamoDB: pass one with --ledger"
    ):
        run.run(raw="in", lake="s3://bucket/lake", config="sources.toml")


def test_a_project_without_one_of_its_notebooks_says_which(project):
    (project / "notebooks" / "02_bronze.ipynb").unlink()

    with pytest.raises(
        NotebookError, match=r"no notebook .*02_bronze\.ipynb\. Put it back, or rename .*notebooks:"
    ):
        run.run(raw="in")

    assert not (project / ".metriccare").exists()


def test_run_ids_are_unique_and_name_their_moment():
    ids = {checked_run_id() for _ in range(20)}

    assert len(ids) == 20


@pytest.fixture
def up_to_date(project):
    """Return a lake whose ledger says that all stages have taken the raw folder `in`."""
    lake = Lake.at(project / "lake")
    ledger = open_ledger(lake)
    leases = {
        stage: ledger.acquire(stage, this_process("run-1"), NOW) for stage in ("bronze", "silver", "gold")
    }
    versions = [file.as_version() for file in list_files(str(project / "in"))]
    ledger.register(versions, NOW)
    ledger.claim(leases["bronze"], "run-1", [version.version for version in versions])
    ledger.finish(leases["bronze"], "run-1")
    checkpoints = {
        "bronze": BronzeCheckpoint("1"),
        "silver": SilverCheckpoint("1", "2", fingerprints.silver_fingerprints(NONE)),
        "gold": GoldCheckpoint("1", "2", fingerprints.gold_fingerprints(DEFINITION_VERSION)),
    }
    for stage, checkpoint in checkpoints.items():
        ledger.set_state(leases[stage], stage, to_json(checkpoint))
        ledger.release(leases[stage])
    yield lake, ledger, checkpoints, leases
    ledger.close()


def notebooks_of(lake, **arguments):
    """Run the pipeline; return which notebooks it ran."""
    run_id = run.run(raw="in", lake=lake.root, **arguments)
    return sorted(path.stem for path in Path(place(lake, run_id)).glob("*.ipynb")) if run_id else []


def test_with_nothing_new_nothing_runs_and_nothing_is_written(up_to_date, project):
    lake, ledger, *_ = up_to_date
    before = sorted((path, path.stat().st_mtime_ns) for path in (project / "lake").rglob("*"))
    assert run.run(raw="in", lake=lake.root) == ""
    assert sorted((path, path.stat().st_mtime_ns) for path in (project / "lake").rglob("*")) == before
    assert ledger.runs() == []


def test_a_folder_without_files_is_an_error_until_something_was_read(up_to_date, project):
    (project / "in" / "a.ndjson").unlink()
    with pytest.raises(InputError, match=r"in contains no files: put NDJSON files"):
        run.run(raw="in", lake=project / "new")
    assert run.run(raw="in", lake=up_to_date[0].root) == ""  # archived after it was read


def test_a_file_that_is_gone_before_it_is_read_starts_nothing(up_to_date, project):
    lake, ledger, *_ = up_to_date
    ledger.register([FileVersion("v", str(project / "in" / "gone.ndjson"), "default", 1)], NOW)
    assert run.run(raw="in", lake=lake.root) == ""
    assert ledger.counts() == {FileState.DONE: 1, FileState.GONE: 1}


def test_a_new_file_is_work_for_all(spark, up_to_date, project):
    (project / "in" / "b.ndjson").write_text("{}")
    assert notebooks_of(up_to_date[0]) == ["02_bronze", "03_silver", "04_gold"]


def test_a_changed_file_is_new(spark, up_to_date, project):
    (project / "in" / "a.ndjson").write_text("{ }")
    assert notebooks_of(up_to_date[0]) == ["02_bronze", "03_silver", "04_gold"]


def test_another_cut_is_work_for_gold_only(spark, up_to_date):
    assert notebooks_of(up_to_date[0], as_of="2025-06-30") == ["04_gold"]


@pytest.mark.parametrize("arguments", [{"full_refresh": True}, {"timezone": "Europe/Berlin"}])
def test_other_rules_are_work_from_silver_on(spark, up_to_date, arguments):
    assert notebooks_of(up_to_date[0], **arguments) == ["03_silver", "04_gold"]


@pytest.mark.parametrize(
    ("stage", "change", "expected"),
    [
        ("bronze", {"watermark": "9"}, ["03_silver", "04_gold"]),
        ("silver", {"is_rebuilding": True}, ["03_silver", "04_gold"]),
        ("silver", {"change_instant": "9"}, ["04_gold"]),
        ("gold", {"pending_as_of": ("2025-01-01",)}, ["04_gold"]),
        ("gold", {"fingerprints": {"the definition of the measures": "older"}}, ["04_gold"]),
    ],
)
def test_what_a_stage_lacks_is_made_up_for(spark, up_to_date, stage, change, expected):
    lake, ledger, checkpoints, _ = up_to_date
    lease = ledger.acquire(stage, this_process("run-2"), NOW)
    ledger.set_state(lease, stage, to_json(replace(checkpoints[stage], **change)))
    ledger.release(lease)
    assert notebooks_of(lake) == expected


def test_the_ledger_records_how_a_run_ended(spark, up_to_date, project):
    lake, ledger, *_ = up_to_date
    run_id = run.run(raw="in", lake=lake.root, as_of="2025-06-30")
    (project / "notebooks" / "04_gold.ipynb").write_text("{}")
    with pytest.raises(Exception):  # noqa: B017
        run.run(raw="in", lake=lake.root, as_of="2025-07-31")
    failed, succeeded = ledger.runs()
    assert (succeeded.run_id, succeeded.status) == (run_id, "succeeded")
    assert failed.status == "failed"
