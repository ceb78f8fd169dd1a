"""Which version of a resource is the newest, in whatever order they arrive (docs/contracts.md#version-order)."""

from datetime import UTC, datetime
from functools import reduce
from typing import Any

import pytest
from pyspark.sql import DataFrame, Row, SparkSession
from tests.support.builders import Resource, patient, records

from metriccare.silver import newest

MONDAY, TUESDAY, WEDNESDAY = (datetime(2025, 3, day, 8, tzinfo=UTC) for day in (3, 4, 5))


def version(id: str, name: str, updated: str | None = None, number: str | None = None) -> Resource:
    """Return a version of a patient; its name tells it from the others."""
    meta = {"lastUpdated": updated, "versionId": number}
    return patient(id, name=[{"text": name}], meta=meta)


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


def united(*deliveries: DataFrame) -> DataFrame:
    return reduce(DataFrame.unionByName, deliveries)


def chosen(found: DataFrame) -> dict[tuple[str, str], Row]:
    rows = newest(found, "Patient").collect()
    by_key = {(row.source, row.id): row for row in rows}
    assert len(by_key) == len(rows)
    return by_key


@pytest.fixture(scope="module")
def forwards(spark: SparkSession) -> dict[str, str]:
    return bodies(united(records(spark, *STAMPED)))


def bodies(found: DataFrame) -> dict[str, str]:
    return {id: row.body for (_, id), row in chosen(found).items()}


def test_the_newest_last_updated_wins_over_a_higher_version_number(forwards: dict[str, str]) -> None:
    assert '"new"' in forwards["later"]


def test_last_updated_is_compared_as_an_instant_not_as_text(forwards: dict[str, str]) -> None:
    assert '"new"' in forwards["as-instant"]


def test_version_numbers_are_compared_as_numbers(forwards: dict[str, str]) -> None:
    assert '"new"' in forwards["numeric"]


def test_a_version_that_is_no_number_comes_before_one_that_is(forwards: dict[str, str]) -> None:
    assert '"new"' in forwards["no-number"]


def test_the_order_of_arrival_does_not_matter_for_stamped_versions(
    spark: SparkSession, forwards: dict[str, str]
) -> None:
    one_by_one = [
        records(spark, *STAMPED[1::2], received_at=WEDNESDAY),
        records(spark, *STAMPED[0::2], received_at=MONDAY),
    ]
    assert bodies(united(*one_by_one)) == forwards
    assert bodies(records(spark, *reversed(STAMPED))) == forwards


def test_a_version_without_stamp_counts_from_when_it_was_received(spark: SparkSession) -> None:
    stamped_tuesday = version("p", "tuesday", "2025-03-04T07:59:59Z")
    found = united(
        records(spark, version("q", "monday"), version("p", "monday"), received_at=MONDAY),
        records(spark, version("q", "tuesday"), stamped_tuesday, received_at=TUESDAY),
        records(spark, version("r", "late", "2025-03-03T08:00:01Z"), received_at=WEDNESDAY),
        records(spark, version("r", "monday"), received_at=MONDAY),
    )
    won = bodies(found)
    assert '"tuesday"' in won["p"]
    assert '"tuesday"' in won["q"]
    assert '"late"' in won["r"]


def test_a_body_that_is_known_already_changes_nothing(spark: SparkSession) -> None:
    found = united(
        records(spark, version("p", "first"), received_at=MONDAY),
        records(spark, version("p", "second"), received_at=TUESDAY),
        records(spark, version("p", "first"), received_at=WEDNESDAY),
    )
    assert '"second"' in bodies(found)["p"]


def test_identical_copies_are_one_resource_that_came_with_the_first(spark: SparkSession) -> None:
    same = version("p", "same", "2025-03-01T00:00:00Z")
    found = chosen(
        united(records(spark, same, received_at=TUESDAY), records(spark, same, same, received_at=MONDAY))
    )
    (row,) = found.values()
    assert (row.file_version, row.position) == (f"{MONDAY:%Y%m%d%H%M%S}", "0")


def test_the_same_id_of_two_sources_is_two_resources(spark: SparkSession) -> None:
    north, south = (records(spark, version("p", name), source=name) for name in ("north", "south"))
    found = chosen(united(north, south))
    assert {key: f'"{key[0]}"' in row.body for key, row in found.items()} == {
        ("north", "p"): True,
        ("south", "p"): True,
    }


def test_only_the_asked_type_is_given(spark: SparkSession) -> None:
    mixed: list[dict[str, Any]] = [
        patient("p"),
        {"resourceType": "Observation", "id": "o"},
        {"resourceType": "?"},
    ]
    assert list(chosen(records(spark, *mixed))) == [("default", "p")]
