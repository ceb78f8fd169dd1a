"""Which stay an infection belongs to: by encounter, or by patient and date; none of another patient (MEASURES 3.3)."""

import pytest
from pyspark.sql import Row
from tests.support.builders import SEPSIS, UTI, Resource, condition, diagnosis, encounter, ids_of, story
from tests.support.builders import patient as somebody

STAY = encounter("a", start="2025-03-10T08:00:00Z", end="2025-03-20T10:00:00Z")


def loose(day: str, *stays: Resource, **facts: str) -> list[Resource]:
    """Return a story with a sepsis that refers to no encounter."""
    return story(*(stays or (STAY,)), condition("c", SEPSIS, onset=f"2025-{day}", **facts))


OPEN = encounter("a", start="2025-03-10", status="in-progress")
VISIT = encounter("v", kind="EMER", start="2025-03-12T08:00:00Z", end="2025-03-12T10:00:00Z")
LINKED = {
    "inside": (loose("03-15"), "a"),
    "first-day": (loose("03-10T00:10:00Z"), "a"),
    "last-day": (loose("03-20T23:50:00Z"), "a"),
    "open": (loose("06-01", OPEN), "a"),
    "later-stay": (loose("04-02", STAY, encounter("b", start="2025-04-01", end="2025-04-09")), "b"),
    "overlapping": (
        loose("03-15", STAY, encounter("b", start="2025-03-14", end="2025-03-30", hospital="H2")),
        "b",
    ),
    "overlapping-ends-first": (
        loose("03-15", encounter("z", start="2025-03-14", end="2025-03-16", hospital="H2"), STAY),
        "z",
    ),
    "turnover-day": (
        loose("03-20", STAY, encounter("b", start="2025-03-20T18:00:00Z", end="2025-03-25T10:00:00Z")),
        "b",
    ),
    "beside-a-visit": (loose("03-12", STAY, VISIT), "a"),
    "without-category": (
        story(STAY, condition("c", SEPSIS, onset="2025-03-15", category=None)),
        "a",
    ),
    "recorded-only": (story(STAY, condition("c", SEPSIS, recorded="2025-03-15")), "a"),
    "nobodys-by-encounter": (story(STAY, condition("c", SEPSIS, "a", patient_id=None)), "a"),
    "nobodys-by-segment": (
        story(
            STAY,
            encounter("icu", part_of="a", start="2025-03-11", end="2025-03-12"),
            condition("c", SEPSIS, "icu", patient_id=None),
        ),
        "a",
    ),
    "listed-elsewhere": (
        loose(
            "03-15", STAY, encounter("b", start="2025-04-01", end="2025-04-09", diagnoses=[diagnosis("c")])
        ),
        "b",
    ),
    "problem-that-is-listed": (
        loose(
            "03-15",
            encounter("a", start="2025-03-10", end="2025-03-20", diagnoses=[diagnosis("c")]),
            category="problem-list-item",
        ),
        "a",
    ),
}
NOT_LINKED = {
    "day-before": loose("03-09T23:50:00Z"),
    "day-after": loose("03-21T00:10:00Z"),
    "before-open": loose("03-09", OPEN),
    "undated-stay": loose("03-15", encounter("a", start="2025-03-10")),
    "undated": story(STAY, condition("c", SEPSIS)),
    "some-month": story(STAY, condition("c", SEPSIS, onset="2025-03")),
    "problem": loose("03-15", category="problem-list-item"),
    "of-a-visit": story(STAY, VISIT, condition("c", SEPSIS, "v", onset="2025-03-12")),
    "of-nowhere": story(STAY, condition("c", SEPSIS, "nowhere", onset="2025-03-15")),
    "of-somebody-else": story(
        STAY, somebody("q"), condition("c", SEPSIS, patient_id="q", onset="2025-03-15")
    ),
    "of-somebody-else-by-encounter": story(
        STAY, somebody("q"), condition("c", SEPSIS, "a", patient_id="q", onset="2025-03-15")
    ),
    "of-somebody-else-that-is-listed": story(
        encounter("a", start="2025-03-10", end="2025-03-20", diagnoses=[diagnosis("c")]),
        somebody("q"),
        condition("c", SEPSIS, patient_id="q", onset="2025-03-15"),
    ),
    "on-somebody-elses-visit": story(
        STAY,
        somebody("q"),
        encounter("v", "q", kind="EMER", start="2025-03-12", end="2025-03-12"),
        condition("c", SEPSIS, "v", onset="2025-03-15"),
    ),
    "of-nobody": story(STAY, condition("c", SEPSIS, patient_id=None, onset="2025-03-15")),
}
STORIES = {
    **{f"link-{name}": told for name, (told, _) in LINKED.items()},
    **{f"link-{name}": told for name, told in NOT_LINKED.items()},
    "link-repeat": story(
        STAY, condition("c1", UTI, "a", onset="2025-03-14"), condition("c2", UTI, onset="2025-03-16")
    ),
}


@pytest.mark.parametrize("name", LINKED)
def test_an_infection_without_encounter_belongs_to_the_stay_of_its_day(
    infections: dict[str, Row], name: str
) -> None:
    assert infections[f"link-{name}.c"].stay_id == f"link-{name}.{LINKED[name][1]}"


@pytest.mark.parametrize("name", NOT_LINKED)
def test_one_on_another_day_of_a_problem_list_or_of_another_encounter_belongs_to_no_stay(
    infections: dict[str, Row], name: str
) -> None:
    assert ids_of(infections, f"link-{name}") == []


def test_an_infection_linked_by_its_day_is_decided_like_any_other(
    infections: dict[str, Row], decided: dict[str, Row]
) -> None:
    assert infections["link-first-day.c"].decision == "present_on_admission"
    assert decided["link-inside.a"].infection.value == 1.0
    assert infections["link-repeat.c2"].decision == "repeat_within_14_days"
