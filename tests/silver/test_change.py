"""What new records change: 400 feeds at once, each a source of its own, against an oracle in plain Python."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pyarrow as pa
import pytest
from tests.support.builders import Resource, condition, encounter, organization, patient, records

from metriccare.engine import Reference
from metriccare.engine.schema import arrow_schema
from metriccare.silver import DELIVERY, RESOURCES
from metriccare.silver.relatives import with_relatives
from metriccare.silver.resources import HELD, RECORD_READ
from metriccare.silver.survivors import SURVIVOR

FEEDS, READS = 400, 3
MIDNIGHT = datetime(2026, 1, 1, tzinfo=UTC)
Row = dict[str, Any]
Held = dict[tuple[str, str], Row]


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

    def row(self) -> Row:
        return {
            "source": self.source,
            "file": "f.ndjson",
            "file_version": f"v{self.read}",
            "position": str(self.position),
            "resource_type": "Encounter",
            "resource_id": self.id,
            "last_updated": self.stamp,
            "version_id": self.number,
            "body": self.body,
            "body_sha256": self.sha256,
            "received_at": self.received,
            "batch_id": f"run-{self.read}",
        }


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


def newest_of(sent: list[Record]) -> dict[tuple[str, str], str]:
    """The newest body of each resource, by docs/contracts.md#version-order: the oracle."""
    first: dict[tuple[str, str, str], datetime] = {}
    for one in sent:
        key = (one.source, one.id, one.body)
        first[key] = min(first.get(key, one.received), one.received)

    def order(one: Record) -> tuple[datetime, int, str]:
        stamped = datetime.fromisoformat(one.stamp) if one.stamp else first[one.source, one.id, one.body]
        return stamped, int(one.number or 0), one.sha256

    by_key: dict[tuple[str, str], list[Record]] = {}
    for one in sent:
        by_key.setdefault((one.source, one.id), []).append(one)
    return {key: max(versions, key=order).sha256 for key, versions in by_key.items()}


def table(found: Iterable[Record]) -> pa.Table:
    return pa.Table.from_pylist([one.row() for one in found], arrow_schema(RECORD_READ))


def taken(new: list[Record], known: list[Record], held: Held) -> Held:
    """Return what silver takes of new records, and of those known of a resource of which an unstamped one is new."""
    again = {(one.source, one.id) for one in new if not one.stamp}
    given = table([*new, *(one for one in known if (one.source, one.id) in again)])
    kept = pa.Table.from_pylist(
        [row | {"resource_type": "Encounter"} for row in held.values()], arrow_schema(HELD)
    )
    return by_key(DELIVERY.run({"record": given, "held": kept}, Reference())["encounter"])


def by_key(encounters: pa.Table) -> Held:
    found = {(row["source"], row["id"]): row for row in encounters.to_pylist()}
    assert len(found) == encounters.num_rows
    return found


def of_all(found: list[Record]) -> Held:
    return by_key(RESOURCES.run({"record": table(found)}, Reference())["encounter"])


def versions(rows: Held) -> dict[tuple[str, str], tuple[str, str]]:
    return {key: (row["version_order"], row["body_sha256"]) for key, row in rows.items()}


def test_reading_in_parts_ends_like_reading_at_once() -> None:
    dice = Random(7)
    sent = [one for feed in range(FEEDS) for one in drawn(feed, dice)]
    held: Held = {}
    for read in range(READS):
        known = [one for one in sent if one.read <= read]
        held |= taken([one for one in known if one.read == read], known, held)
        assert {key: row["body_sha256"] for key, row in held.items()} == newest_of(known)
    assert versions(held) == versions(of_all(sent))


def test_repetitions_change_nothing() -> None:
    dice = Random(8)
    sent = [one for feed in range(50) for one in drawn(feed, dice)]
    assert taken(sent, sent, of_all(sent)) == {}


def delivered(new: list[Resource], **held: Row) -> set[tuple[str, str | None, str | None]]:
    """Return whom a delivery touches: type, patient, encounter. Held are rows by type, of resources with the id `x`."""
    rows = [
        {"source": "default", "resource_type": kind, "version_order": "0", **row}
        for kind, row in held.items()
    ]
    given = {"record": records(*new), "held": pa.Table.from_pylist(rows, arrow_schema(HELD))}
    touched = DELIVERY.run(given, Reference())["touched"].to_pylist()
    assert {row["source"] for row in touched} <= {"default"}
    return {(row["resource_type"], row["patient_id"], row["encounter_id"]) for row in touched}


def test_a_resource_that_moves_touches_the_old_and_the_new_patient() -> None:
    moved = delivered([encounter("e", "new")], Encounter={"id": "e", "patient_id": "old"})
    assert moved == {("Encounter", "old", None), ("Encounter", "new", None)}


def test_a_resource_that_does_not_change_touches_nobody() -> None:
    newer = {"id": "e", "patient_id": "old", "version_order": "9"}
    assert delivered([encounter("e", "new", meta={"lastUpdated": "2025-03-01"})], Encounter=newer) == set()


def test_a_condition_without_a_patient_touches_that_of_its_encounter() -> None:
    before = {"id": "c", "encounter_id": "before"}
    found = delivered([condition("c", None, "now", patient_id=None)], Condition=before)
    assert found == {("Condition", None, "now"), ("Condition", None, "before")}
    assert delivered([condition("c", None, "now")]) == {("Condition", "p", None)}


def test_patients_encounters_of_nobody_and_hospitals_touch_too() -> None:
    found = delivered([patient("p"), encounter("e", None), organization("h", "North")])
    assert found == {("Patient", "p", None), ("Encounter", None, None), ("Organization", None, None)}


def links(*pairs: tuple[str, str, str]) -> pa.Table:
    rows = [{"source": source, "patient_id": id, "survivor_id": by} for source, id, by in pairs]
    return pa.Table.from_pylist(rows, arrow_schema(SURVIVOR))


@pytest.mark.parametrize("touched", ["a", "b", "c", "d"])
def test_who_is_or_was_one_with_the_patient_is_touched_too(touched: str) -> None:
    """Before, a and b are c; after, d is c too and b is not any more. Another source has ids of the same names."""
    before = links(("s", "a", "c"), ("s", "b", "c"), ("t", "x", "c"))
    after = links(("s", "a", "c"), ("s", "d", "c"), ("t", "x", "c"))
    found = with_relatives([("s", touched)], pa.concat_tables([before, after]))
    assert found == {("s", id) for id in "abcd"}


def test_who_is_one_with_nobody_is_touched_alone() -> None:
    alone: list[tuple[str, str | None]] = [("s", "x"), ("s", None)]
    assert with_relatives(alone, links()) == set(alone)
    assert with_relatives(alone, links(("t", "x", "c"))) == set(alone)
