"""Transfer chains: another hospital on the same or the next day (MEASURES 0.4)."""

import pytest
from pyspark.sql import Row
from tests.support.builders import Resource, encounter, story


def stay(id: str, hospital: str | None, start: str, end: str | None, **facts: str) -> Resource:
    return encounter(id, hospital=hospital, start=f"2025-{start}", end=end and f"2025-{end}", **facts)


FIRST = stay("a", "H1", "03-01T08:00:00Z", "03-05T10:00:00Z")
OPEN = {"status": "in-progress"}

CHAINED = {
    "chain-same-day": story(FIRST, stay("b", "H2", "03-05T12:00:00Z", "03-09")),
    "chain-next-day": story(FIRST, stay("b", "H2", "03-06T23:59:00Z", "03-09")),
    "chain-overlap": story(FIRST, stay("b", "H2", "03-04T12:00:00Z", "03-09")),
    "chain-open-end": story(FIRST, stay("b", "H2", "03-05T12:00:00Z", None, **OPEN)),
    "chain-other-class": story(FIRST, stay("b", "H2", "03-05T12:00:00Z", "03-09", kind="ACUTE")),
}
NOT_CHAINED = {
    "chain-two-days": story(FIRST, stay("b", "H2", "03-07T00:00:00Z", "03-09")),
    "chain-same-hospital": story(FIRST, stay("b", "H1", "03-05T12:00:00Z", "03-09")),
    "chain-same-hospital-next-day": story(FIRST, stay("b", "H1", "03-06T08:00:00Z", "03-09")),
    "chain-from-nowhere": story(
        stay("a", None, "03-01T08:00:00Z", "03-05T10:00:00Z"), stay("b", "H2", "03-05T12:00:00Z", "03-09")
    ),
    "chain-to-nowhere": story(FIRST, stay("b", None, "03-05T12:00:00Z", "03-09")),
    "chain-to-rehabilitation": story(FIRST, stay("b", "H2", "03-05T12:00:00Z", "03-09", kind="NONAC")),
    "chain-from-rehabilitation": story(
        stay("a", "H1", "03-01T08:00:00Z", "03-05T10:00:00Z", kind="NONAC"),
        stay("b", "H2", "03-05T12:00:00Z", "03-09"),
    ),
    "chain-from-undated": story(encounter("a"), stay("b", "H2", "03-05T12:00:00Z", "03-09")),
}
STORIES = {
    **CHAINED,
    **NOT_CHAINED,
    "chain-of-three": story(FIRST, stay("b", "H2", "03-06", "03-09"), stay("c", "H3", "03-09", "03-12")),
    "chain-and-back": story(FIRST, stay("b", "H2", "03-06", "03-09"), stay("c", "H1", "03-10", "03-12")),
    "chain-twice": story(
        FIRST,
        stay("b", "H2", "03-06", "03-09"),
        stay("c", "H1", "03-20", "03-22"),
        stay("d", "H2", "03-23", "03-24"),
    ),
    "chain-around": story(
        FIRST, stay("n", "H2", "03-05T12:00:00Z", "03-06", kind="NONAC"), stay("b", "H3", "03-06", "03-09")
    ),
    "chain-alone": story(FIRST),
}


def legs(stays: dict[str, Row], name: str, ids: str) -> list[tuple[str, int, int]]:
    rows = [stays[f"{name}.{id}"] for id in ids]
    return [(row.chain_id.removeprefix(f"{name}."), row.chain_position, row.chain_length) for row in rows]


@pytest.mark.parametrize("name", CHAINED)
def test_a_stay_elsewhere_on_the_same_or_the_next_day_is_the_next_leg(
    stays: dict[str, Row], name: str
) -> None:
    assert legs(stays, name, "ab") == [("a", 1, 2), ("a", 2, 2)]


@pytest.mark.parametrize("name", NOT_CHAINED)
def test_any_other_stay_is_a_chain_of_its_own(stays: dict[str, Row], name: str) -> None:
    assert legs(stays, name, "ab") == [("a", 1, 1), ("b", 1, 1)]


def test_chains_are_transitive_and_may_come_back_to_the_first_hospital(stays: dict[str, Row]) -> None:
    for name in ("chain-of-three", "chain-and-back"):
        assert legs(stays, name, "abc") == [("a", 1, 3), ("a", 2, 3), ("a", 3, 3)]


def test_a_patient_may_have_two_chains(stays: dict[str, Row]) -> None:
    assert legs(stays, "chain-twice", "abcd") == [("a", 1, 2), ("a", 2, 2), ("c", 1, 2), ("c", 2, 2)]


def test_a_non_acute_stay_neither_joins_nor_breaks_a_chain(stays: dict[str, Row]) -> None:
    assert legs(stays, "chain-around", "anb") == [("a", 1, 2), ("n", 1, 1), ("a", 2, 2)]


def test_a_single_stay_is_a_chain_of_one(stays: dict[str, Row]) -> None:
    assert legs(stays, "chain-alone", "a") == [("a", 1, 1)]
