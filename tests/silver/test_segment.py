"""A part of an encounter is no stay of its own; nothing gets lost in a cycle (MEASURES 0.1.3)."""

from pyspark.sql import Row
from tests.support.builders import Resource, encounter, ids_of, patient, story

MARCH = {"start": "2025-03-01", "end": "2025-03-10"}
DAYS = [{"start": f"2025-03-{day:02}", "end": f"2025-03-{day + 1:02}"} for day in range(1, 22, 3)]


def cycle(length: int) -> list[Resource]:
    """Return encounters each of which is a part of the next one, the last a part of the first."""
    return [encounter(f"e{at}", part_of=f"e{(at + 1) % length}", **DAYS[at]) for at in range(length)]


STORIES = {
    "segment": story(
        encounter("a", **MARCH),
        encounter("icu", kind="ACUTE", hospital=None, part_of="a", start="2025-03-02", end="2025-03-04"),
        encounter("ward", kind="AMB", part_of="a", start="2025-03-04", end="2025-03-05"),
    ),
    "segment-nested": story(
        encounter("a", **MARCH), encounter("b", part_of="a", **MARCH), encounter("c", part_of="b", **MARCH)
    ),
    "segment-of-itself": story(encounter("a", part_of="a", **MARCH)),
    "segment-cycle-2": story(*cycle(2)),
    "segment-cycle-3": story(*cycle(3)),
    "segment-cycle-7": story(*cycle(7)),
    "segment-into-cycle": story(*cycle(2), encounter("leg", part_of="e0", **DAYS[3])),
    "segment-cycle-of-two": story(
        patient("q"),
        encounter("e0", "p", part_of="e1", **DAYS[0]),
        encounter("e1", "q", part_of="e0", **DAYS[1]),
    ),
    "segment-of-another-patient": story(
        patient("q"), encounter("a", "p", **MARCH), encounter("leg", "q", part_of="a", **MARCH)
    ),
    "segment-of-nobody": story(encounter("a", **MARCH), encounter("leg", None, part_of="a", **MARCH)),
    "segment-orphan": story(encounter("leg", part_of="nowhere", **MARCH)),
    "segment-of-error": story(
        encounter("a", status="entered-in-error", **MARCH), encounter("leg", part_of="a", **MARCH)
    ),
}


def test_a_segment_is_no_stay_and_is_listed_with_its_stay(stays: dict[str, Row]) -> None:
    assert ids_of(stays, "segment") == ["a"]
    assert stays["segment.a"].encounter_ids == ["segment.a", "segment.icu", "segment.ward"]


def test_a_segment_of_a_segment_belongs_to_the_stay_at_the_top(stays: dict[str, Row]) -> None:
    assert ids_of(stays, "segment-nested") == ["a"]
    assert sorted(stays["segment-nested.a"].encounter_ids) == [f"segment-nested.{leg}" for leg in "abc"]


def test_an_encounter_that_is_part_of_itself_is_a_stay(
    stays: dict[str, Row], encounters: dict[str, Row]
) -> None:
    assert ids_of(stays, "segment-of-itself") == ["a"]
    assert stays["segment-of-itself.a"].encounter_ids == ["segment-of-itself.a"]
    assert encounters["segment-of-itself.a"].quality_flags == ["part_of_itself"]


def test_encounters_in_a_cycle_are_stays(stays: dict[str, Row]) -> None:
    assert ids_of(stays, "segment-cycle-2") == ["e0", "e1"]
    assert ids_of(stays, "segment-cycle-3") == ["e0", "e1", "e2"]


def test_a_way_up_ends_at_another_patients_encounter(stays: dict[str, Row]) -> None:
    """Each of the two is a part of something that is not this patient's: a segment of no stay."""
    assert ids_of(stays, "segment-cycle-of-two") == []


def test_a_part_of_another_patients_encounter_is_a_segment_of_no_stay(stays: dict[str, Row]) -> None:
    assert ids_of(stays, "segment-of-another-patient") == ["a"]
    assert stays["segment-of-another-patient.a"].encounter_ids == ["segment-of-another-patient.a"]


def test_a_part_without_a_patient_is_a_segment_of_no_stay(stays: dict[str, Row]) -> None:
    assert ids_of(stays, "segment-of-nobody") == ["a"]
    assert stays["segment-of-nobody.a"].encounter_ids == ["segment-of-nobody.a"]


def test_a_large_cycle_loses_no_stay(stays: dict[str, Row]) -> None:
    assert ids_of(stays, "segment-cycle-7") == [f"e{at}" for at in range(7)]


def test_a_segment_of_an_encounter_in_a_cycle_is_no_stay(stays: dict[str, Row]) -> None:
    assert ids_of(stays, "segment-into-cycle") == ["e0", "e1"]


def test_a_segment_whose_whole_is_not_there_is_no_stay(stays: dict[str, Row]) -> None:
    assert ids_of(stays, "segment-orphan") == []
    assert ids_of(stays, "segment-of-error") == []
