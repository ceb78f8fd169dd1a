"""The account is counted in the tables: a row too much or too little anywhere shows."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa
import pytest
from pyspark.sql import SparkSession
from tests.support.whole import record_counts, silver_counts

from metriccare.definitions.schemas import GOLD_MEASURE_RESULT
from metriccare.engine.schema import arrow_schema
from metriccare.errors import ReconciliationError
from metriccare.quality import Reconciliation, reconcile, replaced

Row = dict[str, Any]

NAMES = (
    *("source", "resource_type", "resource_id", "body_sha256", "file_version", "reason_code", "last_updated"),
    *("position", "batch_id"),
)
PIECES = [
    ("s", "Patient", "p", "a", "f1", None, None),
    ("s", "Patient", "p", "a", "f2", None, None),
    ("s", "Encounter", "e1", "b", "f1", None, None),
    ("s", "Encounter", "e1", "c", "f2", None, None),
    ("s", "Encounter", "e2", "d", "f1", None, None),
    ("s", "Encounter", "e3", "e", "f1", None, "2025-03-01"),
    ("s", "Encounter", "e3", "e", "f2", None, "2025-03-02"),
    ("s", "Location", None, "f", "f1", None, None),
    ("s", "_quarantine", None, "g", "f1", "not_json", None),
]
RECORDS = [dict(zip(NAMES, (*piece, str(at), "run-1"), strict=True)) for at, piece in enumerate(PIECES)]
REPLAYED = [  # the record at 9 was refused, the one at 10 was a Bundle of which one entry was refused again
    ("s", "_quarantine", None, "h", "f1", "no_id", None, "9", "run-1"),
    ("s", "Patient", "p", "a", "f1", None, None, "9", "replay-1"),
    ("s", "_quarantine", None, "i", "f1", "not_supported", None, "10", "run-1"),
    ("s", "Location", None, "k", "f1", None, None, "10/entry[0]", "replay-1"),
    ("s", "_quarantine", None, "l", "f1", "no_id", None, "10/entry[1]", "replay-1"),
]
ENCOUNTERS = [
    {"id": "e1", "is_live": True, "class_kind": "acute_inpatient", "status": "finished"},
    {"id": "e2", "is_live": True, "class_kind": "acute_inpatient", "status": "cancelled"},
    {"id": "e3", "is_live": False, "class_kind": "not_inpatient", "status": "entered-in-error"},
]
RESULT = {"measure": "mortality_30_day", "profile": "all_adult", "stratum": "all"}


@dataclass(frozen=True)
class Tables:
    """The rows of a lake."""

    records: list[Row]
    encounters: list[Row]
    stays: list[Row]
    result: Row
    replaced: dict[str, int]


@pytest.fixture
def tables() -> Tables:
    result = RESULT | {"denominator": 0.0, "excluded": {"x": 1}}
    return Tables(RECORDS, ENCOUNTERS, [{"encounter_ids": ["e1"]}], result, {})


def account(tables: Tables) -> Reconciliation:
    patients = [{"id": "p", "is_live": True, "is_synthetic": True}]
    return reconcile(
        record_counts(tables.records),
        tables.replaced,
        silver_counts(patient=patients, encounter=tables.encounters, stay=tables.stays),
        pa.Table.from_pylist([tables.result], arrow_schema(GOLD_MEASURE_RESULT)),
        run_id="r",
        run_at=datetime.now(UTC),
        as_of=date(2025, 1, 1),
        definition_version="1",
    )


def test_everything_is_counted_where_it_went(tables: Tables) -> None:
    found = account(tables)
    found.check()
    assert (found.files, found.records, found.stays, found.is_synthetic) == (2, 9, 1, True)
    assert found.accepted == {"Patient": 2, "Encounter": 5}
    assert (found.duplicates, found.superseded) == (
        {"Patient": 1, "Encounter": 0},
        {"Patient": 0, "Encounter": 2},  # e3 was deleted twice, at two times
    )
    assert (found.live["Encounter"], found.tombstones["Encounter"]) == (2, 1)
    assert found.encounters == {"in_stay": 1, "status_cancelled": 1}
    assert (found.skipped, found.quarantined) == ({"Location": 1}, {"not_json": 1})


def test_what_was_replayed_is_counted_as_what_it_became(tables: Tables, spark: SparkSession) -> None:
    records = [*RECORDS, *(dict(zip(NAMES, one, strict=True)) for one in REPLAYED)]
    frame = spark.createDataFrame(
        [tuple(row.values()) for row in records], ", ".join(f"{name} STRING" for name in NAMES)
    )
    found = account(replace(tables, records=records, replaced=replaced(frame)))
    found.check()
    assert (found.files, found.records) == (2, 12)
    assert found.accepted == {"Patient": 3, "Encounter": 5}
    assert (found.skipped, found.quarantined) == ({"Location": 2}, {"not_json": 1, "no_id": 1})


def test_a_resource_that_silver_lost_is_found(tables: Tables) -> None:
    with pytest.raises(ReconciliationError, match="accepted Encounter: 5, expected 4"):
        account(replace(tables, encounters=ENCOUNTERS[:2])).check()


def test_an_encounter_in_two_stays_is_found(tables: Tables) -> None:
    result = RESULT | {"denominator": 1.0, "excluded": {"x": 1}}
    with pytest.raises(ReconciliationError, match="live encounters: 3, expected 2"):
        account(replace(tables, stays=tables.stays * 2, result=result)).check()


def test_a_measure_that_does_not_cover_all_stays_is_found(tables: Tables) -> None:
    with pytest.raises(ReconciliationError, match=r"mortality_30_day \(all_adult\)"):
        account(replace(tables, result=RESULT | {"denominator": 5.0, "excluded": {}}))
