"""No patient's data in any log: a run with quarantined records that succeeds, and one that fails, at debug level."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession
from tests.support.builders import SEPSIS, condition, deletion, encounter, patient

from metriccare.runtime.spark import share_gateway

COMMAND = Path(sys.executable).with_name("metriccare")
NAME, BORN, DIED, MARK = "Zzyxwolda", "1913-03-27", "2026-02-19", "zq4711"
SECRETS = (NAME, BORN, DIED, MARK, "1913", SEPSIS)
PATIENT = patient(MARK, born=BORN, died=DIED, name=[{"family": NAME}], address=[{"city": NAME}])
STAY = encounter(f"{MARK}-e", MARK, start="2026-02-11", end=DIED, disposition="exp")
AS_OF = ("--as-of", "2026-05-31")  # the default is the day of the newest discharge, which is a secret here
DELIVERIES: tuple[tuple[Any, ...], ...] = (
    (
        PATIENT,
        STAY,
        condition(f"{MARK}-c", SEPSIS, f"{MARK}-e", patient_id=MARK, onset="2026-02-14"),
        encounter(f"{MARK}-bad", MARK, start="2026-02-31", end="2026-02-30"),
        PATIENT | {"id": f"{MARK}-t", "birthDate": {"day": BORN}},
        deletion("2026-05-25T10:00:00Z", f"Encounter/{MARK}-gone"),
        f'{{"resourceType": "Patient", "id": "{MARK}", "name": [{{"family": "{NAME}',
    ),
    (f'{{"resourceType": "Patient", "birthDate": "{BORN}", "name": "{NAME}"', STAY | {"class": NAME}),
)


@pytest.fixture(scope="module")
def lake(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a lake after two runs, whose streams are beside it: the second one fails.

    They join this process's Spark, as the kernels of a run join that of the run.
    """
    folder = tmp_path_factory.mktemp("private")
    for number, (lines, options) in enumerate(
        zip(DELIVERIES, ((), ("--max-quarantined", "0.1")), strict=True)
    ):
        path = folder / "raw" / f"{NAME}_{MARK}_{number}.ndjson"  # as Synthea names its files
        path.parent.mkdir(exist_ok=True)
        texts = (line if isinstance(line, str) else json.dumps(line) for line in lines)
        path.write_text("".join(f"{text}\n" for text in texts))
        (folder / "raw" / f"{NAME}_{number}.json.gz").write_bytes(b"\x1f\x8b torn")
        run = [COMMAND, "-vv", "run", "--raw", folder / "raw", "--lake", folder / "lake", *AS_OF, *options]
        with share_gateway(spark):
            environment = {**os.environ, "METRICCARE_LOG_FORMAT": "json"}
            done = subprocess.run(run, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == number, done.stderr
        (folder / f"{number}.out").write_text(done.stdout)
        (folder / f"{number}.err").write_text(done.stderr)
    return folder / "lake"


def records(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


def test_no_stream_and_no_log_holds_a_name_an_id_a_date_or_a_code(lake: Path) -> None:
    logs = [*lake.parent.glob("*.out"), *lake.parent.glob("*.err"), *lake.glob("runs/*/log.jsonl")]
    assert len(logs) == 6
    assert [(path.name, word) for path in logs for word in SECRETS if word in path.read_text()] == []


def test_the_streams_hold_what_an_operator_looks_for(lake: Path) -> None:
    """So that the test above looks at something."""
    succeeded, failed = (records((lake.parent / f"{number}.err").read_text()) for number in range(2))
    messages = {record["message"] for record in succeeded}
    assert messages >= {
        "plan stage",
        "Spark session",
        "start notebook",
        "run notebook",
        "start stage",
        "end stage",
    }
    assert messages >= {"register files", "claim files", "write table", "reconcile", "run"}
    assert {record["run"] for record in succeeded if record["message"] == "write table"} != {None}
    bronze = next(record for record in succeeded if record.get("table") == "bronze.record")
    assert (bronze["rows"], bronze["quarantined"], bronze["stage"]) == (8, 3, "bronze")
    last = failed[-1]
    assert (last["message"], last["status"], last["error"]) == ("run", "failed", "NotebookError")


def test_a_run_keeps_the_records_of_its_kernels_too(lake: Path) -> None:
    kept = sorted(lake.glob("runs/*/log.jsonl"))
    loggers = {record["logger"] for path in kept for record in records(path.read_text())}
    assert {
        "metriccare.pipeline.run",
        "metriccare.lake.tables",
        "metriccare.pipeline.stage",
    } <= loggers


def test_notebooks_hold_no_record_of_the_log(lake: Path) -> None:
    notebooks = list(lake.glob("runs/*/*.ipynb"))
    assert notebooks
    assert [path.name for path in notebooks if "logger" in path.read_text()] == []
