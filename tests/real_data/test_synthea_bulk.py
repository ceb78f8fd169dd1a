"""A bulk export of Synthea, written by others: every line accounted for, every inpatient stay found."""

from typing import Any

import pytest

from metriccare import pipeline
from metriccare.reader import read_table
from metriccare.results import find_results, newest_run
from metriccare.settings import Lake, project_root

EXPORT = project_root().parent / "shared" / "real" / "synthea-bulk-10"

pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif(
        not EXPORT.is_dir(), reason=f"the real export {EXPORT.name} is not beside the project"
    ),
]


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory, spark: Any) -> Lake:
    lake = Lake.at(tmp_path_factory.mktemp("synthea"))
    pipeline.run(raw=EXPORT, lake=lake.root, run_id="real")
    return lake


def test_every_line_is_accounted_for(lake: Lake) -> None:
    run = newest_run(lake)
    lines = sum(len(file.read_bytes().splitlines()) for file in EXPORT.iterdir() if file.suffix == ".ndjson")
    assert run["pieces"] == lines
    assert run["quarantined"] == {"not_a_resource": len((EXPORT / "log.ndjson").read_bytes().splitlines())}
    assert set(run["passed_over"]) == {"Location"}


def test_the_resources_are_found(lake: Lake) -> None:
    live = newest_run(lake)["live"]
    assert (live["Patient"], live["Encounter"], live["Condition"]) == (13, 1215, 555)


def test_the_inpatient_stays_are_found(lake: Lake) -> None:
    assert newest_run(lake)["stays"] == 49
    hospitals = read_table(lake, "silver", "stay", ["hospital_id"])["hospital_id"].to_pylist()
    assert all(hospitals)


def test_real_patients_are_protected(lake: Lake) -> None:
    assert newest_run(lake)["is_synthetic"] is False
    by_hospital = find_results(lake, stratum="hospital")
    assert all(
        row["is_suppressed"] and row["rate"] is None
        for row in by_hospital
        if 0 < (row["numerator"] or 0) < 11
    )
    assert any(row["is_suppressed"] for row in by_hospital)
