"""Exports written by others, all at once: NDJSON, single resources and Bundles; every piece accounted for."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession
from tests.proofs.incremental import stages
from tests.proofs.input.account import check_account

from metriccare.definitions.tables import TABLES
from metriccare.lake.reader import read_table
from metriccare.lake.run_log import newest_run
from metriccare.pipeline import run as pipeline
from metriccare.reporting.results import find_results
from metriccare.settings import Lake, project_root

REAL = project_root().parent / "shared" / "real"
FOUND = {"Patient": 58, "Encounter": 1226, "Condition": 567}  # without the patient that a Bundle deletes

pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif(not REAL.is_dir(), reason="the real exports (shared/real) are not beside the project"),
]


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory, spark: Any) -> Lake:
    lake = Lake.at(tmp_path_factory.mktemp("real"))
    pipeline.run(raw=REAL, lake=lake.root, run_id="real")
    return lake


def test_every_record_is_accounted_for(lake: Lake) -> None:
    run = newest_run(lake)
    check_account(REAL, run)
    log = REAL / "synthea-bulk-10" / "log.ndjson"
    assert run["skipped"]["_log"] == len(log.read_bytes().splitlines())
    assert run["quarantined"] == {"not_json": 1, "conditional_delete": 1}  # the README; a deletion by search


def test_the_resources_are_found(lake: Lake) -> None:
    live = newest_run(lake)["live"]
    assert {kind: live[kind] for kind in FOUND} == FOUND


def test_the_inpatient_stays_are_found(lake: Lake) -> None:
    assert newest_run(lake)["stays"] == 49 + 3 + 1  # of Synthea, of HL7's single files, of a document Bundle


@pytest.mark.long
def test_the_order_of_the_files_does_not_matter(lake: Lake, spark: SparkSession, tmp_path: Path) -> None:
    files = [path for path in sorted(REAL.rglob("*")) if path.is_file()]
    for number, path in enumerate(reversed(files)):
        copy = tmp_path / "raw" / f"{number:03}" / path.name
        copy.parent.mkdir(parents=True)
        shutil.copyfile(path, copy)
    other = Lake.at(tmp_path / "lake")
    stages.take(spark, tmp_path / "raw", other, "reversed")
    stages.refine(spark, other, "reversed")
    for name in ("patient", "encounter", "condition", "organization", "stay"):
        assert rows(other, name) == rows(lake, name)


def rows(lake: Lake, name: str) -> list[str]:
    """Return the rows without what tells the file, and when and how it came."""
    table = read_table(lake, TABLES[f"silver.{name}"])
    of_file = {"file", "file_version", "position", "received_at", "batch_id", "version_order"}
    kept = [column for column in table.column_names if column not in of_file]
    return sorted(str(row) for row in table.select(kept).to_pylist())


def test_real_patients_are_protected(lake: Lake) -> None:
    assert newest_run(lake)["is_synthetic"] is False
    by_hospital = find_results(lake, stratum="hospital")
    assert all(
        row["is_suppressed"] and row["rate"] is None
        for row in by_hospital
        if 0 < (row["numerator"] or 0) < 11
    )
    assert any(row["is_suppressed"] for row in by_hospital)
