"""The four notebooks on the real Glue kernel, in real sessions with Spark and Hudi, into a new lake."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook
from tests.glue_sessions.endpoint import Glue
from tests.glue_sessions.kernel import GLUE, code_cells, kernel_at_endpoint, said, states
from tests.incremental.killed import completed
from tests.truth.compare import different_rows

from metriccare import pipeline
from metriccare.generate import generate
from metriccare.ledger import open_ledger
from metriccare.reader import read_table
from metriccare.remote import statement_of
from metriccare.report import HIDDEN_TAG, write_report
from metriccare.settings import NOTEBOOKS, Lake

PATIENTS = 50
HERE = Path(__file__).parents[2] / "notebooks"
CONF = "spark.sql.shuffle.partitions=3 --conf spark.sql.session.timeZone=UTC"
ENDLESS = "spark.range(10**13).selectExpr('sum(hash(id))').collect()"
INTERRUPTED = {"02_bronze": "bronze.record", "03_silver": "silver.encounter", "04_gold": "gold.stay_measure"}
WORKERS = """
def double(batches):
    yield from batches
spark.range(5).mapInArrow(double, "id long").count()
"""
HUDI = """
options = {
    "hoodie.table.name": "t", "hoodie.datasource.write.recordkey.field": "id",
    "hoodie.datasource.write.precombine.field": "id", "hoodie.metadata.enable": "false",
    "hoodie.embed.timeline.server": "false",
}
spark.range(5).write.format("hudi").options(**options).mode("overwrite").save(path)
spark.read.format("hudi").load(path).count()
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("glue run")


@pytest.fixture(scope="module")
def served(folder: Path) -> Iterator[Glue]:
    with kernel_at_endpoint(folder / "glue") as endpoint, pytest.MonkeyPatch.context() as patch:
        patch.setenv("METRICCARE_DRIVER_MEMORY", "1g")
        yield endpoint


@pytest.fixture(scope="module")
def raw(folder: Path) -> Path:
    return folder / "fhir_data" / "json"


@pytest.fixture(scope="module")
def lake(served: Glue, folder: Path, raw: Path) -> Lake:
    """The lake after a run of all notebooks, each in a session of its own."""
    where = Lake.at(folder / "lake")
    pipeline.run(
        raw=raw, lake=where.root, generate=PATIENTS, seed=3, run_id="on-glue", kernel=GLUE, progress=False
    )
    return where


@pytest.fixture(scope="module")
def truth(lake: Lake, raw: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((raw.parent / "truth.json").read_text(encoding="utf-8"))
    return found


def pictures_of(cells: list[Any]) -> int:
    return sum("image/png" in output.get("data", {}) for cell in cells for output in cell.outputs)


def executed(lake: Lake, name: str) -> list[Any]:
    return code_cells(Path(lake.runs) / "on-glue" / f"{name}.ipynb")


def test_the_numbers_are_the_planted_ones(lake: Lake, truth: dict[str, Any]) -> None:
    assert truth["results"]
    assert different_rows(read_table(lake, "gold", "measure_result").to_pylist(), truth) == []


def test_every_notebook_was_executed_in_a_session_that_is_stopped(lake: Lake, served: Glue) -> None:
    assert states(served)[: len(NOTEBOOKS)] == ["STOPPED"] * len(NOTEBOOKS)
    for name in NOTEBOOKS:
        assert all(cell.execution_count for cell in executed(lake, name))


def test_a_session_was_asked_for_what_the_magics_say(lake: Lake, served: Glue) -> None:
    sessions = served.client.list_sessions()["Sessions"]
    wanted = {"GlueVersion": "5.0", "WorkerType": "G.1X", "NumberOfWorkers": 2, "IdleTimeout": 30}
    assert {name: sessions[0][name] for name in wanted} == wanted
    assert sessions[0]["DefaultArguments"]["--datalake-formats"] == "hudi"


def test_tables_are_shown_as_text_and_no_patient_is_named(lake: Lake, raw: Path) -> None:
    shown = "".join(said(cell) for name in NOTEBOOKS for cell in executed(lake, name))
    patients = (raw / "patients" / "part-00000.ndjson").read_text(encoding="utf-8").splitlines()
    assert "Readmission within 30 days" in shown
    assert not [line for line in patients if json.loads(line)["name"][0]["family"] in shown.split()]


def test_every_picture_is_shown_and_the_report_has_those_of_the_results(lake: Lake, folder: Path) -> None:
    silver, gold = executed(lake, "03_silver"), executed(lake, "04_gold")
    reported = [cell for cell in gold if HIDDEN_TAG not in cell.metadata.get("tags", [])]
    page = write_report(lake, folder / "report.html").read_text(encoding="utf-8")

    assert (pictures_of(silver), pictures_of(gold), pictures_of(reported)) == (1, 10, 9)
    assert page.count('src="data:image/png') == pictures_of(reported)
    assert "<Picture" not in page


def test_sql_and_pictures_come_through_the_kernel_by_nbclient_too(served: Glue) -> None:
    configure = (
        "%%configure\n{'--conf': 'spark.sql.shuffle.partitions=3', 'glue_version': '5.0', 'idle_timeout': 30}"
    )
    query = "%%sql\nselect 41 + 1 as answer"
    made = "from metriccare.pictures.canvas import canvas\npicture, _ = canvas('t', 's', is_synthetic=True)"
    cells = [configure, query, f"{made}\n%matplot picture", "spark.conf.get('spark.sql.shuffle.partitions')"]
    notebook = new_notebook(cells=[new_code_cell(source) for source in cells])
    NotebookClient(notebook, kernel_name=GLUE, timeout=120).execute()

    shown = [said(cell) for cell in notebook.cells]
    assert "|    42|" in shown[1]
    assert [output.data["image/png"][:5] for output in notebook.cells[2].outputs] == ["iVBOR"]
    assert shown[3] == "'3'\n"
    assert states(served)[-1].startswith("STOP")


@pytest.fixture(scope="module")
def session(served: Glue) -> Iterator[str]:
    """One session with Spark, for what follows."""
    arguments = {"--conf": CONF, "--datalake-formats": "hudi"}
    assert served.create("spark", DefaultArguments=arguments, GlueVersion="5.0")["Status"] == "READY"
    yield "spark"
    served.client.stop_session(Id="spark")


def test_spark_is_there_with_the_settings_that_were_asked_for(served: Glue, session: str) -> None:
    assert served.text(session, "spark.conf.get('spark.sql.shuffle.partitions')") == "'3'"
    assert served.text(session, "from metriccare.spark import get_spark\nget_spark() is not None") == "True"
    assert "|    42|" in served.text(session, statement_of("%%sql\nselect 41 + 1 as answer\n"))


def test_hudi_and_python_workers_work_in_a_session(served: Glue, session: str, tmp_path: Path) -> None:
    assert served.text(session, f"path = {str(tmp_path / 't')!r}\n{HUDI}").endswith("5")
    assert served.text(session, WORKERS) == "5"


def test_a_cancelled_statement_stops_the_jobs_of_spark_too(served: Glue, session: str) -> None:
    number = served.start(session, ENDLESS)
    until(
        lambda: served.client.get_statement(SessionId=session, Id=number)["Statement"]["State"] == "RUNNING"
    )
    served.client.cancel_statement(SessionId=session, Id=number)
    began = time.monotonic()

    assert served.result(session, number)["State"] == "CANCELLED"
    assert time.monotonic() - began < 10
    assert served.text(session, "list(sc.statusTracker().getActiveJobsIds())") == "[]"
    assert served.text(session, "spark.range(3).count()") == "3"


@pytest.mark.long
def test_a_notebook_that_is_interrupted_half_way_leaves_tables_and_ledger_sound(
    served: Glue, session: str, folder: Path
) -> None:
    """As a person does it: interrupt while a table is written, then run the notebook again in the same session."""
    where, raw = Lake.at(folder / "interrupted"), folder / "few" / "json"
    generate(20, seed=4, out=raw.parent)
    truth = json.loads((raw.parent / "truth.json").read_text(encoding="utf-8"))
    for name, table in INTERRUPTED.items():
        given = {"raw": str(raw)} if name == "02_bronze" else {}
        with interrupting(served, session, Path(where.table(*table.split(".")))):
            assert run_cells(served, session, name, lake=where.root, **given) == "CANCELLED"
        assert run_cells(served, session, name, lake=where.root, **given) == "AVAILABLE"
    assert different_rows(read_table(where, "gold", "measure_result").to_pylist(), truth) == []
    assert open_ledger(where, "").state("gold")
    assert unfinished(where) == []


def run_cells(served: Glue, session: str, name: str, **given: str) -> str:
    """Run a notebook's cells as statements until one does not end well; return the state of the last."""
    for cell in nbformat.read(HERE / f"{name}.ipynb", as_version=4).cells:
        code = statement_of(cell.source) if cell.cell_type == "code" else ""
        if "parameters" in cell.metadata.get("tags", []):
            code += "".join(f"\n{parameter} = {value!r}" for parameter, value in given.items())
        statement = served.run(session, code) if code else {"State": "AVAILABLE", "Output": {}}
        if statement["State"] != "AVAILABLE":
            return str(statement["State"])
        assert statement["Output"].get("Status") != "error", statement["Output"]
    return "AVAILABLE"


@contextmanager
def interrupting(served: Glue, session: str, table: Path) -> Iterator[None]:
    """Cancel what the session runs as soon as a commit of the table has begun."""

    def interrupt() -> None:
        until(lambda: any((table / ".hoodie").glob("*.inflight")))
        running = served.client.list_statements(SessionId=session)["Statements"][-1]
        served.client.cancel_statement(SessionId=session, Id=running["Id"])

    thread = threading.Thread(target=interrupt)
    thread.start()
    yield
    thread.join()


def unfinished(lake: Lake) -> list[Path]:
    """Return the commits that have begun and were neither completed nor rolled back."""
    begun = Path(lake.root).glob("*/*/.hoodie/*.inflight")
    return [path for path in begun if not completed(path).exists()]


def until(holds: Any, seconds: float = 300.0) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)
