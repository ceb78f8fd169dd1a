"""Sessions with Spark and Hudi: settings, workers, and cells that are cancelled, fail or are interrupted."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat
import pytest
from tests.proofs.incremental.killed import completed
from tests.proofs.truth.compare import different_rows
from tests.runtime.glue_sessions.endpoint import Glue, glue
from tests.support.failing import FAILS_EARLY, TASKS

from metriccare.definitions.tables import MEASURE_RESULT, TABLES
from metriccare.generate import generate
from metriccare.lake.ledger import open_ledger
from metriccare.lake.reader import read_table
from metriccare.runtime.notebooks.glue_session_check import statement_of
from metriccare.settings import Lake

HERE = Path(__file__).parents[3] / "notebooks"
CONF = "spark.sql.shuffle.partitions=3 --conf spark.sql.session.timeZone=UTC"
ENDLESS = "spark.range(10**13).selectExpr('sum(hash(id))').collect()"
INTERRUPTED = {"02_bronze": "bronze.record", "03_silver": "silver.encounter", "04_gold": "gold.stay_measure"}
WORKERS = """
def double(batches):
    yield from batches
spark.range(5).mapInArrow(double, "id long").count()
"""
KILL_THE_JVM = """
import os, signal
gateway = sc._gateway
os.kill(gateway.jvm.java.lang.ProcessHandle.current().pid(), signal.SIGKILL)
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
def served(jvm: None) -> Iterator[Glue]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("METRICCARE_DRIVER_MEMORY", "1g")
        with glue() as endpoint:
            yield endpoint


@pytest.fixture(scope="module")
def session(served: Glue) -> Iterator[str]:
    """One session with Spark, for what follows."""
    arguments = {"--conf": CONF, "--datalake-formats": "hudi"}
    assert served.create("spark", DefaultArguments=arguments, GlueVersion="5.0")["Status"] == "READY"
    yield "spark"
    served.client.stop_session(Id="spark")


def test_spark_is_there_with_the_settings_that_were_asked_for(served: Glue, session: str) -> None:
    assert served.text(session, "spark.conf.get('spark.sql.shuffle.partitions')") == "'3'"
    assert (
        served.text(session, "from metriccare.runtime.spark import get_spark\nget_spark() is not None")
        == "True"
    )
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


def test_a_failed_statement_leaves_no_task_behind(served: Glue, session: str) -> None:
    assert "no such ward" in served.run(session, FAILS_EARLY)["Output"]["ErrorValue"]
    assert served.text(session, TASKS) == "0"


@pytest.mark.long
def test_every_cell_fails_in_a_session_whose_jvm_has_died(served: Glue) -> None:
    served.create("dying")
    died = served.run("dying", KILL_THE_JVM + "spark.range(3).count()")
    again = served.run("dying", "spark.range(3).count()")
    served.client.stop_session(Id="dying")

    assert [one["Output"]["Status"] for one in (died, again)] == ["error", "error"]


@pytest.mark.long
def test_a_notebook_that_is_interrupted_half_way_leaves_tables_and_ledger_sound(
    served: Glue, session: str, tmp_path: Path
) -> None:
    """As a person does it: interrupt while a table is written, then run the notebook again in the same session."""
    where, raw = Lake.at(tmp_path / "interrupted"), tmp_path / "few" / "json"
    generate(20, seed=4, out=raw.parent)
    truth = json.loads((raw.parent / "truth.json").read_text(encoding="utf-8"))
    for name, table in INTERRUPTED.items():
        given = {"raw": str(raw)} if name == "02_bronze" else {}
        with interrupting(served, session, Path(TABLES[table].path(where.root))):
            assert run_cells(served, session, name, lake=where.root, **given) == "CANCELLED"
        assert run_cells(served, session, name, lake=where.root, **given) == "AVAILABLE"
    assert different_rows(read_table(where, MEASURE_RESULT).to_pylist(), truth) == []
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
