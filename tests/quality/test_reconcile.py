"""The account is counted in the tables: a row too much or too little anywhere shows."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from pyspark.sql import DataFrame, SparkSession

from metriccare.errors import ReconciliationError
from metriccare.quality import reconcile

RECORD = """source string, resource_type string, resource_id string, body_sha256 string,
    file_version string, reason_code string, last_updated string, position string, batch_id string"""
STATE = "source string, id string, is_live boolean"
STAYS = "source string, encounter_ids array<string>"
RESULT = "measure string, profile string, stratum string, denominator double, excluded map<string,bigint>"

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
RECORDS = [(*piece, str(at), "run-1") for at, piece in enumerate(PIECES)]
REPLAYED = [  # the record at 9 was refused, the one at 10 was a Bundle of which one entry was refused again
    *RECORDS,
    ("s", "_quarantine", None, "h", "f1", "no_id", None, "9", "run-1"),
    ("s", "Patient", "p", "a", "f1", None, None, "9", "replay-1"),
    ("s", "_quarantine", None, "i", "f1", "not_supported", None, "10", "run-1"),
    ("s", "Location", None, "k", "f1", None, None, "10/entry[0]", "replay-1"),
    ("s", "_quarantine", None, "l", "f1", "no_id", None, "10/entry[1]", "replay-1"),
]
ENCOUNTERS = [
    ("s", "e1", True, "acute_inpatient", None, "finished"),
    ("s", "e2", True, "acute_inpatient", None, "cancelled"),
    ("s", "e3", False, "not_inpatient", None, "entered-in-error"),
]


@pytest.fixture
def tables(spark: SparkSession) -> dict[str, Any]:
    encounter = f"{STATE}, class_kind string, part_of_id string, status string"
    return {
        "records": spark.createDataFrame(RECORDS, RECORD),
        "resources": {
            "Patient": spark.createDataFrame([("s", "p", True, True)], f"{STATE}, is_synthetic boolean"),
            "Encounter": spark.createDataFrame(ENCOUNTERS, encounter),
        },
        "stays": spark.createDataFrame([("s", ["e1"])], STAYS),
        "results": spark.createDataFrame([("mortality_30_day", "all_adult", "all", 0.0, {"x": 1})], RESULT),
    }


def account(tables: dict[str, Any]) -> Any:
    return reconcile(
        **tables, run_id="r", run_at=datetime.now(UTC), as_of=date(2025, 1, 1), definition_version="1"
    )


def test_everything_is_counted_where_it_went(tables: dict[str, Any]) -> None:
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


def test_what_was_replayed_is_counted_as_what_it_became(tables: dict[str, Any], spark: SparkSession) -> None:
    tables["records"] = spark.createDataFrame(REPLAYED, RECORD)
    found = account(tables)
    found.check()
    assert (found.files, found.records) == (2, 12)
    assert found.accepted == {"Patient": 3, "Encounter": 5}
    assert (found.skipped, found.quarantined) == ({"Location": 2}, {"not_json": 1, "no_id": 1})


def test_a_resource_that_silver_lost_is_found(tables: dict[str, Any]) -> None:
    encounters: DataFrame = tables["resources"]["Encounter"]
    tables["resources"]["Encounter"] = encounters.filter("id != 'e3'")
    with pytest.raises(ReconciliationError, match="accepted Encounter: 5, expected 4"):
        account(tables).check()


def test_an_encounter_in_two_stays_is_found(tables: dict[str, Any]) -> None:
    tables["stays"] = tables["stays"].unionAll(tables["stays"])
    tables["results"] = tables["results"].withColumn("denominator", tables["results"]["denominator"] + 1)
    with pytest.raises(ReconciliationError, match="live encounters: 3, expected 2"):
        account(tables).check()


def test_a_measure_that_does_not_cover_all_stays_is_found(
    tables: dict[str, Any], spark: SparkSession
) -> None:
    tables["results"] = spark.createDataFrame([("mortality_30_day", "all_adult", "all", 5.0, {})], RESULT)
    with pytest.raises(ReconciliationError, match=r"mortality_30_day \(all_adult\)"):
        account(tables)
