"""Which version of a resource is the newest, in whatever order they arrive (docs/contracts.md#version-order)."""

from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pytest
from pyspark.sql import Row
from tests.support.builders import Resource, patient, records
from tests.support.tables import Rows

from metriccare.engine import Reference
from metriccare.silver import RESOURCES

MONDAY, TUESDAY, WEDNESDAY = (datetime(2025, 3, day, 8, tzinfo=UTC) for day in (3, 4, 5))


def version(id: str, name: str, updated: str | None = None, number: str | None = None) -> Resource:
    """Return a version of a patient; the text in place of a birth date tells it from the others."""
    meta = {"lastUpdated": updated, "versionId": number}
    return patient(id, born=name, meta=meta)


STAMPED = [
    version("later", "new", "2025-03-02T00:00:00Z", "1"),
    version("later", "old", "2025-03-01T23:59:59.999Z", "9"),
    version("as-instant", "new", "2025-03-01T23:00:00-05:00"),
    version("as-instant", "old", "2025-03-02T01:00:00+02:00"),
    version("numeric", "new", "2025-03-01T00:00:00Z", "10"),
    version("numeric", "old", "2025-03-01T00:00:00Z", "9"),
    version("no-number", "new", "2025-03-01T00:00:00Z", "1"),
    version("no-number", "old", "2025-03-01T00:00:00Z", "abc"),
    version("hash", "one", "2025-03-01T00:00:00Z", "1"),
    version("hash", "two", "2025-03-01T00:00:00Z", "1"),
]


def chosen(*deliveries: pa.Table) -> dict[tuple[str, str], Row]:
    made = RESOURCES.run({"record": pa.concat_tables(deliveries)}, Reference())
    rows = Rows(made["patient"]).collect()
    by_key = {(row.source, row.id): row for row in rows}
    assert len(by_key) == len(rows)
    return by_key


@pytest.fixture(scope="module")
def forwards() -> dict[str, str]:
    return names(records(*STAMPED))


def names(*deliveries: pa.Table) -> dict[str, str]:
    return {id: row.birth_date_text for (_, id), row in chosen(*deliveries).items()}


def test_the_newest_last_updated_wins_over_a_higher_version_number(forwards: dict[str, str]) -> None:
    assert forwards["later"] == "new"


def test_last_updated_is_compared_as_an_instant_not_as_text(forwards: dict[str, str]) -> None:
    assert forwards["as-instant"] == "new"


def test_version_numbers_are_compared_as_numbers(forwards: dict[str, str]) -> None:
    assert forwards["numeric"] == "new"


def test_a_version_that_is_no_number_comes_before_one_that_is(forwards: dict[str, str]) -> None:
    assert forwards["no-number"] == "new"


def test_the_order_of_arrival_does_not_matter_for_stamped_versions(forwards: dict[str, str]) -> None:
    one_by_one = [
        records(*STAMPED[1::2], received_at=WEDNESDAY),
        records(*STAMPED[0::2], received_at=MONDAY),
    ]
    assert names(*one_by_one) == forwards
    assert names(records(*reversed(STAMPED))) == forwards


def test_a_version_without_stamp_counts_from_when_it_was_received() -> None:
    stamped_tuesday = version("p", "tuesday", "2025-03-04T07:59:59Z")
    found = (
        records(version("q", "monday"), version("p", "monday"), received_at=MONDAY),
        records(version("q", "tuesday"), stamped_tuesday, received_at=TUESDAY),
        records(version("r", "late", "2025-03-03T08:00:01Z"), received_at=WEDNESDAY),
        records(version("r", "monday"), received_at=MONDAY),
    )
    won = names(*found)
    assert won["p"] == "tuesday"
    assert won["q"] == "tuesday"
    assert won["r"] == "late"


def test_a_body_that_is_known_already_changes_nothing() -> None:
    found = (
        records(version("p", "first"), received_at=MONDAY),
        records(version("p", "second"), received_at=TUESDAY),
        records(version("p", "first"), received_at=WEDNESDAY),
    )
    assert names(*found)["p"] == "second"


def test_identical_copies_are_one_resource_that_came_with_the_first() -> None:
    same = version("p", "same", "2025-03-01T00:00:00Z")
    found = chosen(records(same, received_at=TUESDAY), records(same, same, received_at=MONDAY))
    (row,) = found.values()
    assert (row.file_version, row.position) == (f"{MONDAY:%Y%m%d%H%M%S}", "0")


def test_the_same_id_of_two_sources_is_two_resources() -> None:
    north, south = (records(version("p", name), source=name) for name in ("north", "south"))
    found = chosen(north, south)
    assert {key: row.birth_date_text for key, row in found.items()} == {
        ("north", "p"): "north",
        ("south", "p"): "south",
    }


def test_only_the_asked_type_is_given() -> None:
    mixed: list[dict[str, Any]] = [
        patient("p"),
        {"resourceType": "Observation", "id": "o"},
        {"resourceType": "?"},
    ]
    assert list(chosen(records(*mixed))) == [("default", "p")]
