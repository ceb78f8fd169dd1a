"""What several test files share: one Spark session, small notebooks, a finished lake."""

import os
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from pyspark.sql import DataFrame, SparkSession

from metriccare.runtime.spark import get_spark
from metriccare.settings import Lake

# The test modules import `builders`; pytest's importlib mode puts no folder on the path.
sys.path.insert(0, str(Path(__file__).parent))

PARAMETERS = 'lake: str = ""\ncount: int = 3\n'
COUNTS = "map<string,long>"
RUN_SCHEMA = f"""run_id string, run_at timestamp, as_of date, definition_version string, is_synthetic boolean,
    files long, pieces long, accepted {COUNTS}, passed_over {COUNTS}, quarantined {COUNTS},
    duplicates {COUNTS}, superseded {COUNTS}, tombstones {COUNTS}, live {COUNTS}, encounters {COUNTS},
    stays long, results long"""
RESULT_SCHEMA = f"""measure string, profile string, stratum string, stratum_value string,
    stratum_display string, as_of date, numerator double, denominator double, rate double,
    ci_low double, ci_high double, ci_method string, expected double, observed_expected double,
    observed_expected_ci_low double, observed_expected_ci_high double,
    excluded {COUNTS}, is_suppressed boolean,
    is_too_few boolean, is_immature boolean, definition_version string, run_id string"""
RESULT_KEY = "measure,profile,stratum,stratum_value,as_of"
ONE_PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


# Many short queries: the JVM's second compiler costs more than it gives back (half of all CPU time).
os.environ.setdefault("METRICCARE_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=240m")


@pytest.fixture(scope="session")
def moto_server() -> Iterator[str]:
    """Return the address of a server that plays AWS."""
    from tests.aws.moto_server import serving

    with serving() as address:
        yield address


@pytest.fixture
def aws(moto_server: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Steer boto3 to that server, by the variables that a user would set; return its address."""
    settings = {"ENDPOINT_URL": moto_server, "DEFAULT_REGION": "us-east-1"}
    for name, value in {**settings, "ACCESS_KEY_ID": "x", "SECRET_ACCESS_KEY": "x"}.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    return moto_server


@pytest.fixture(scope="session")
def spark() -> SparkSession:
    return get_spark(app="tests")


@pytest.fixture(scope="session")
def lake(spark: SparkSession, request: pytest.FixtureRequest) -> Any:
    """Return one lake with the `STORIES` of all test modules that run: computing each alone would take minutes."""
    from tests.support.builders import Lake as TestLake
    from tests.support.builders import tell

    told: dict[str, Any] = {}
    for module in {getattr(item, "module", None) for item in request.session.items}:
        stories = getattr(module, "STORIES", {})
        assert not told.keys() & stories.keys(), "two modules tell a story of the same name"
        told |= stories
    return TestLake(spark, tell(told))


@pytest.fixture
def write_notebook(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes a notebook of a title, a `parameters` cell and the given code cells."""

    def write(name: str, *cells: str, parameters: str = PARAMETERS) -> Path:
        tagged = new_code_cell(parameters, metadata={"tags": ["parameters"]})
        notebook = new_notebook(cells=[new_markdown_cell(f"# {name}"), tagged, *map(new_code_cell, cells)])
        path = tmp_path / "notebooks" / f"{name}.ipynb"
        path.parent.mkdir(exist_ok=True)
        nbformat.write(notebook, path)
        return path

    return write


def append_hudi(frame: DataFrame, path: str, key: str, **options: str) -> None:
    """Append a frame to a Hudi table, with the settings that are quick on a local disk."""
    defaults = {
        "hoodie.table.name": "t",
        "hoodie.datasource.write.recordkey.field": key,
        "hoodie.datasource.write.precombine.field": key.split(",", maxsplit=1)[0],
        "hoodie.metadata.enable": "false",
        "hoodie.embed.timeline.server": "false",
    }
    frame.write.format("hudi").options(**(defaults | options)).mode("append").save(path)


@pytest.fixture(scope="session")
def write_hudi() -> Callable[..., None]:
    return append_hudi


def run_row(**changes: Any) -> dict[str, Any]:
    row = {
        "run_id": "run-2",
        "run_at": datetime(2025, 7, 2, 8, tzinfo=UTC),
        "as_of": date(2025, 6, 30),
        "definition_version": "1",
        "is_synthetic": True,
        "files": 3,
        "pieces": 16,
        "accepted": {"Patient": 6, "Encounter": 7},
        "passed_over": {"Observation": 2},
        "quarantined": {"not_json": 1},
        "duplicates": {"Patient": 1},
        "superseded": {"Encounter": 2},
        "tombstones": {},
        "live": {"Patient": 5, "Encounter": 5},
        "encounters": {"inpatient_stay": 4, "not_inpatient": 1},
        "stays": 4,
        "results": 5,
    }
    return row | changes


def result_row(measure: str = "mortality_in_hospital", value: str = "all", **changes: Any) -> dict[str, Any]:
    row = {
        "measure": measure,
        "profile": "all_adult",
        "stratum": "all",
        "stratum_value": value,
        "stratum_display": value,
        "as_of": date(2025, 6, 30),
        "numerator": 123.0,
        "denominator": 1000.0,
        "rate": 0.123,
        "ci_low": 0.101,
        "ci_high": 0.149,
        "ci_method": "wilson",
        "expected": None,
        "observed_expected": None,
        "observed_expected_ci_low": None,
        "observed_expected_ci_high": None,
        "excluded": {"age_below_18": 12},
        "is_suppressed": False,
        "is_too_few": False,
        "is_immature": False,
        "definition_version": "1",
        "run_id": "run-2",
    }
    return row | changes


NO_NUMBERS = dict.fromkeys(("numerator", "denominator", "rate", "ci_low", "ci_high"))


@pytest.fixture(scope="session")
def finished_lake(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """Return a lake with two runs, results of two cut-off dates, and the newest run's gold notebook."""
    lake = Lake.at(tmp_path_factory.mktemp("lake"))
    days = {"rate": 4.25, "ci_low": 4.1, "ci_high": 4.4, "numerator": 4250.0}
    everywhere = [
        result_row("length_of_stay_midnights", **days),
        result_row(),
        result_row(as_of=date(2025, 3, 31), rate=0.5),
    ]
    small = result_row(value="h2", stratum="hospital", stratum_display="Small Clinic")
    large = result_row(value="h1", stratum="hospital", stratum_display="Large Clinic")
    hidden = small | NO_NUMBERS | {"is_suppressed": True}
    earlier = run_row(run_id="run-1", run_at=datetime(2025, 7, 1, tzinfo=UTC), as_of=date(2025, 3, 31))
    tables = {
        "run": (RUN_SCHEMA, [run_row(), earlier], "run_id"),
        "measure_published": (RESULT_SCHEMA, [*everywhere, large, hidden], RESULT_KEY),
        "measure_result": (RESULT_SCHEMA, [*everywhere, large, small], RESULT_KEY),
    }
    for name, (schema, rows, key) in tables.items():
        append_hudi(spark.createDataFrame(rows, schema), lake.table("gold", name), key)
    write_executed(Path(lake.runs) / "run-2" / "04_gold.ipynb")
    return lake


def write_executed(path: Path) -> None:
    """Write a notebook as it looks after its execution: a table, a picture, a warning, what a magic said."""
    picture = new_output("display_data", data={"image/png": ONE_PIXEL, "text/plain": "<Figure>"})
    table = new_output("execute_result", data={"text/html": "<table><tr><td>4,321</td></tr></table>"})
    warning = new_output("stream", name="stderr", text="DeprecationWarning: old")
    note = new_output("stream", name="stdout", text="glue_version 5.0: applies on AWS Glue")
    findings = new_output("stream", name="stdout", text="- stays < 5 days\n- no zone\n")
    cells = [
        new_markdown_cell("# Gold\nThe four measures."),
        new_markdown_cell("## Session\nWhere it runs."),
        new_code_cell("%glue_version 5.0", outputs=[note], execution_count=1),
        new_markdown_cell("## Readmission\nWho comes back."),
        new_code_cell("secret_code = 1", outputs=[table, picture, warning, findings], execution_count=2),
        new_markdown_cell("## Checks for the author"),
        new_code_cell("internal = 2", outputs=[table], metadata={"tags": ["no-report"]}, execution_count=3),
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(new_notebook(cells=cells), path)
