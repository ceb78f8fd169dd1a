"""What new records change: 400 feeds at once, each a source of its own, against an oracle in plain Python."""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from metriccare import silver
from metriccare.definitions.schemas import BRONZE_RECORD, SILVER_ENCOUNTER, SILVER_PATIENT
from metriccare.silver.change import (
    changed_versions,
    newest_versions,
    touched_patients,
    with_relatives,
)

FEEDS, READS = 400, 3
MIDNIGHT = datetime(2026, 1, 1, tzinfo=UTC)
COLUMNS = ("source", "id", "version_order", "body_sha256")


@dataclass(frozen=True)
class Record:
    """A version of an encounter as it lies in bronze; `read` is the run that took it."""

    source: str
    id: str
    stamp: str | None
    number: str | None
    body: str
    received: datetime
    position: int
    read: int

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.body.encode()).hexdigest()

    def row(self) -> tuple[object, ...]:
        where = (self.source, "f.ndjson", f"v{self.read}", str(self.position))
        what = ("Encounter", self.id, self.stamp, self.number, self.body, "utf-8", self.sha256, None, None)
        return (*where, *what, self.received, f"run-{self.read}", None, None)


def drawn(feed: int, dice: Random) -> list[Record]:
    """Return what one source sends: few bodies, often again, stamped or not, received and read in any order."""
    found = []
    for position in range(dice.randint(1, 9)):
        body = {"id": dice.choice("ab"), "note": dice.randrange(3)}
        stamp = (
            None if dice.random() < 0.4 else (MIDNIGHT + timedelta(hours=body["note"] * 7 % 5)).isoformat()
        )
        number = dice.choice((None, "2", "10")) if stamp else None
        received = MIDNIGHT + timedelta(hours=dice.randrange(6))
        text = json.dumps(body | {"stamp": stamp, "number": number})
        read = dice.randrange(READS)
        found.append(Record(f"s{feed}", body["id"], stamp, number, text, received, position, read))
    return found


def newest_of(records: list[Record]) -> dict[tuple[str, str], str]:
    """The newest body of each resource, by docs/contracts.md#version-order: the oracle."""
    first: dict[tuple[str, str, str], datetime] = {}
    for one in records:
        key = (one.source, one.id, one.body)
        first[key] = min(first.get(key, one.received), one.received)

    def order(one: Record) -> tuple[datetime, int, str]:
        stamped = datetime.fromisoformat(one.stamp) if one.stamp else first[one.source, one.id, one.body]
        return stamped, int(one.number or 0), one.sha256

    by_key: dict[tuple[str, str], list[Record]] = {}
    for one in records:
        by_key.setdefault((one.source, one.id), []).append(one)
    return {key: max(versions, key=order).sha256 for key, versions in by_key.items()}


def frame(spark: SparkSession, records: list[Record]) -> DataFrame:
    return spark.createDataFrame([one.row() for one in records], BRONZE_RECORD)


def test_reading_in_parts_ends_like_reading_at_once(spark: SparkSession) -> None:
    dice = Random(7)
    records = [one for feed in range(FEEDS) for one in drawn(feed, dice)]
    held = spark.createDataFrame([], "source STRING, id STRING, version_order STRING, body_sha256 STRING")
    for read in range(READS):
        new = frame(spark, [one for one in records if one.read == read])
        known = frame(spark, [one for one in records if one.read <= read])
        versions = newest_versions(new, known, "Encounter", has_unstamped=True)
        changed = changed_versions(versions, held).localCheckpoint()
        kept = held.join(changed, ["source", "id"], how="left_anti")
        held = kept.unionByName(changed.select(*COLUMNS)).localCheckpoint()
        expected = newest_of([one for one in records if one.read <= read])
        assert {(row.source, row.id): row.body_sha256 for row in held.collect()} == expected

    at_once = silver.newest(frame(spark, records), "Encounter").select(*COLUMNS)
    assert sorted(held.collect()) == sorted(at_once.collect())


def test_repetitions_change_nothing(spark: SparkSession) -> None:
    dice = Random(8)
    records = [one for feed in range(50) for one in drawn(feed, dice)]
    held = silver.newest(frame(spark, records), "Encounter")
    versions = newest_versions(frame(spark, records), frame(spark, records), "Encounter", has_unstamped=True)
    assert changed_versions(versions, held).isEmpty()


def of_patient(spark: SparkSession, ddl: str, **columns: str) -> DataFrame:
    """Return silver rows of (source, id, patient) with all other columns null."""
    named = spark.createDataFrame([tuple(columns.values())], ", ".join(f"{name} STRING" for name in columns))
    empty = spark.createDataFrame([], ddl)
    rest = [F.lit(None).cast(f.dataType).alias(f.name) for f in empty.schema.fields if f.name not in columns]
    return named.select("*", *rest).select(*empty.columns)


def test_a_resource_that_moves_touches_the_old_and_the_new_patient(spark: SparkSession) -> None:
    before = of_patient(spark, SILVER_ENCOUNTER, source="s", id="e", patient_id="old")
    after = of_patient(spark, SILVER_ENCOUNTER, source="s", id="e", patient_id="new")
    current = {
        "Encounter": before,
        "Patient": spark.createDataFrame([], SILVER_PATIENT),
    }
    touched = touched_patients({"Encounter": after}, current).collect()
    assert {row.patient_id for row in touched} == {"old", "new"}


@pytest.mark.parametrize("touched", ["a", "b", "c", "d"])
def test_who_is_or_was_one_with_the_patient_is_touched_too(spark: SparkSession, touched: str) -> None:
    """Before, a and b are c; after, d is c too and b is not any more. Another source has ids of the same names."""
    ddl = "source STRING, patient_id STRING, survivor_id STRING, in_cycle BOOLEAN"
    before = spark.createDataFrame(
        [("s", "a", "c", False), ("s", "b", "c", False), ("t", "x", "c", False)], ddl
    )
    after = spark.createDataFrame(
        [("s", "a", "c", False), ("s", "d", "c", False), ("t", "x", "c", False)], ddl
    )
    one = spark.createDataFrame([("s", touched)], "source STRING, patient_id STRING")
    found = with_relatives(one, [before, after, None]).collect()
    assert {(row.source, row.patient_id) for row in found} == {("s", id) for id in "abcd"}


def test_who_is_one_with_nobody_is_touched_alone(spark: SparkSession) -> None:
    one = spark.createDataFrame([("s", "x"), ("s", None)], "source STRING, patient_id STRING")
    links = spark.createDataFrame(
        [("t", "x", "c", False)], "source STRING, patient_id STRING, survivor_id STRING, in_cycle BOOLEAN"
    )
    assert with_relatives(one, [None, None]) is one
    assert {row.patient_id for row in with_relatives(one, [links]).collect()} == {"x", None}
