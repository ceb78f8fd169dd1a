"""Overlapping encounters at one hospital are one stay, compared as instants (MEASURES 0.1.8)."""

from datetime import date

import pytest
from pyspark.sql import Row
from tests.support.builders import encounter, ids_of, story

TEN = "2025-03-01T10:00:00Z"
WHOLE = {"start": TEN, "end": "2025-03-05T10:00:00Z"}
WITHOUT_LENGTH = {"start": TEN, "end": TEN}
WITHOUT_END = {"start": TEN, "status": "in-progress"}

STORIES = {
    "overlap": story(
        encounter("b", start="2025-03-01", end="2025-03-06", disposition="aadvice", kind="NONAC"),
        encounter("a", start="2025-03-05", end="2025-03-09", disposition="home"),
    ),
    "overlap-inside": story(
        encounter("a", start="2025-03-01", end="2025-03-10", disposition="home"),
        encounter("b", start="2025-03-03", end="2025-03-05", disposition="exp"),
    ),
    "overlap-ends-together": story(
        encounter("a", **WHOLE, disposition="exp"),
        encounter("b", start=TEN, end="2025-03-04T10:00:00Z", disposition="aadvice"),
        encounter("c", start="2025-03-02T10:00:00Z", end="2025-03-05T10:00:00Z", disposition="home"),
        encounter("d", **WHOLE),
    ),
    "overlap-ends-unmapped": story(
        encounter("a", **WHOLE, disposition="home"), encounter("b", **WHOLE, disposition="local code")
    ),
    "overlap-transitive": story(
        encounter("a", start="2025-03-01", end="2025-03-20"),
        encounter("b", start="2025-03-02", end="2025-03-03"),
        encounter("c", start="2025-03-19", end="2025-03-25"),
    ),
    "overlap-touching": story(
        encounter("a", start="2025-03-01T08:00:00Z", end="2025-03-05T10:00:00Z"),
        encounter("b", start="2025-03-05T10:00:00Z", end="2025-03-07T10:00:00Z"),
    ),
    "overlap-second": story(
        encounter("a", start="2025-03-01T08:00:00Z", end="2025-03-05T10:00:00Z"),
        encounter("b", start="2025-03-05T09:59:59Z", end="2025-03-07T10:00:00Z"),
    ),
    "overlap-instants": story(
        encounter("a", start="2025-11-01T08:00:00-04:00", end="2025-11-02T01:30:00-05:00"),
        encounter("b", start="2025-11-02T01:45:00-04:00", end="2025-11-03T08:00:00-05:00"),
    ),
    "overlap-same-start": story(
        encounter("b", start="2025-03-01", end="2025-03-05"),
        encounter("a", start="2025-03-01", end="2025-03-02"),
    ),
    "overlap-short-smaller": story(encounter("a", **WITHOUT_LENGTH), encounter("b", **WHOLE)),
    "overlap-short-larger": story(encounter("a", **WHOLE), encounter("b", **WITHOUT_LENGTH)),
    "overlap-open-smaller": story(encounter("a", **WITHOUT_END), encounter("b", **WHOLE)),
    "overlap-open-larger": story(encounter("a", **WHOLE), encounter("b", **WITHOUT_END)),
    "overlap-both-short": story(encounter("a", **WITHOUT_LENGTH), encounter("b", **WITHOUT_LENGTH)),
    "overlap-elsewhere": story(
        encounter("a", start="2025-03-01", end="2025-03-06"),
        encounter("b", start="2025-03-05", end="2025-03-09", hospital="H2"),
    ),
    "overlap-nowhere": story(
        encounter("a", start="2025-03-01", end="2025-03-06", hospital=None),
        encounter("b", start="2025-03-05", end="2025-03-09", hospital=None),
    ),
    "overlap-nobody": story(
        encounter("a", None, start="2025-03-01", end="2025-03-06"),
        encounter("b", None, start="2025-03-05", end="2025-03-09"),
    ),
    "overlap-open-first": story(
        encounter("a", start="2025-03-01", status="in-progress"),
        encounter("b", start="2025-03-05", end="2025-03-09"),
    ),
    "overlap-open-inside": story(
        encounter("a", start="2025-03-01", end="2025-03-09", disposition="home"),
        encounter("b", start="2025-03-05", status="in-progress"),
    ),
    "overlap-undated": story(
        encounter("a", start="2025-03-01", end="2025-03-09"), encounter("b"), encounter("c", end="2025-03-05")
    ),
    "overlap-visit": story(
        encounter("a", start="2025-03-01", end="2025-03-09"),
        encounter("b", start="2025-02-28", end="2025-03-02", kind="EMER"),
    ),
}


def test_overlapping_encounters_are_one_stay_from_the_first_start_to_the_last_end(
    stays: dict[str, Row],
) -> None:
    assert ids_of(stays, "overlap") == ["b"]
    row = stays["overlap.b"]
    assert (row.admission_date, row.discharge_date) == (date(2025, 3, 1), date(2025, 3, 9))
    assert row.encounter_ids == ["overlap.b", "overlap.a"]


def test_a_merged_stay_ends_as_the_encounter_that_ends_last(stays: dict[str, Row]) -> None:
    assert stays["overlap.b"].disposition_class == "home"
    assert stays["overlap-inside.a"].disposition_class == "home"
    assert stays["overlap-inside.a"].discharge_date == date(2025, 3, 10)


def test_of_encounters_that_end_last_together_any_may_tell_how(stays: dict[str, Row]) -> None:
    row = stays["overlap-ends-together.a"]
    assert row.disposition_class == "expired"
    assert "disposition_conflict" in row.quality_flags
    row = stays["overlap-ends-unmapped.a"]
    assert row.disposition_class == "home"
    assert "disposition_conflict" not in row.quality_flags


def test_a_merged_stay_is_acute_if_a_part_of_it_is(stays: dict[str, Row]) -> None:
    assert stays["overlap.b"].is_acute


def test_an_encounter_overlaps_any_earlier_one_not_only_the_one_before(stays: dict[str, Row]) -> None:
    assert ids_of(stays, "overlap-transitive") == ["a"]
    assert stays["overlap-transitive.a"].discharge_date == date(2025, 3, 25)


def test_encounters_that_touch_are_two_stays_and_one_second_more_makes_them_one(
    stays: dict[str, Row],
) -> None:
    assert ids_of(stays, "overlap-touching") == ["a", "b"]
    assert ids_of(stays, "overlap-second") == ["a"]


def test_periods_are_compared_as_instants_not_as_text(stays: dict[str, Row]) -> None:
    assert ids_of(stays, "overlap-instants") == ["a"]


def test_of_encounters_with_the_same_start_the_smallest_id_names_the_stay(stays: dict[str, Row]) -> None:
    assert ids_of(stays, "overlap-same-start") == ["a"]


def test_encounters_at_different_or_unknown_hospitals_are_not_merged(stays: dict[str, Row]) -> None:
    assert ids_of(stays, "overlap-elsewhere") == ["a", "b"]
    assert ids_of(stays, "overlap-nowhere") == ["a", "b"]


def test_encounters_of_unknown_patients_are_not_merged(stays: dict[str, Row]) -> None:
    assert ids_of(stays, "overlap-nobody") == ["a", "b"]


def test_an_open_encounter_swallows_no_later_one(stays: dict[str, Row]) -> None:
    assert ids_of(stays, "overlap-open-first") == ["a", "b"]
    assert [stays[f"overlap-open-first.{id}"].is_open for id in "ab"] == [True, False]


def test_a_stay_is_open_if_an_open_encounter_begins_inside_it(stays: dict[str, Row]) -> None:
    assert ids_of(stays, "overlap-open-inside") == ["a"]
    row = stays["overlap-open-inside.a"]
    assert (row.is_open, row.discharge_date, row.discharge_at) == (True, None, None)


def test_encounters_without_start_are_stays_of_their_own(stays: dict[str, Row]) -> None:
    assert ids_of(stays, "overlap-undated") == ["a", "b", "c"]


def test_a_visit_that_is_no_inpatient_one_does_not_prolong_a_stay(stays: dict[str, Row]) -> None:
    assert ids_of(stays, "overlap-visit") == ["a"]
    assert stays["overlap-visit.a"].admission_date == date(2025, 3, 1)


@pytest.mark.parametrize("name", ["short-smaller", "short-larger", "open-smaller", "open-larger"])
def test_of_two_encounters_that_begin_together_one_may_be_without_length(
    stays: dict[str, Row], name: str
) -> None:
    assert ids_of(stays, f"overlap-{name}") == ["a"]
    row = stays[f"overlap-{name}.a"]
    assert sorted(row.encounter_ids) == [f"overlap-{name}.a", f"overlap-{name}.b"]
    assert row.is_open == name.startswith("open")


def test_two_encounters_without_length_at_one_instant_are_two_stays(stays: dict[str, Row]) -> None:
    assert ids_of(stays, "overlap-both-short") == ["a", "b"]
