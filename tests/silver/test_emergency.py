"""The emergency or observation visit that led straight into a stay (MEASURES 4.7)."""

from datetime import date

import pytest
from pyspark.sql import Row
from tests.support.builders import SNOMED, Resource, concept, encounter, story, utc
from tests.support.builders import patient as somebody

EMERGENCY, OBSERVATION = "4525004", "448951000124107"
STAY = encounter("a", start="2025-03-10T12:00:00Z", end="2025-03-12T10:00:00Z")


def visit(
    start: str,
    end: str,
    kind: str = "EMER",
    id: str = "v",
    code: str | None = None,
    patient_id: str = "p",
    hospital: str | None = "H1",
) -> Resource:
    types = [concept(SNOMED, code)] if code else None
    return encounter(
        id,
        patient_id,
        kind=kind,
        hospital=hospital,
        start=f"2025-03-{start}:00Z",
        end=f"2025-03-{end}:00Z",
        type=types,
    )


def observation(start: str, end: str) -> Resource:
    return visit(start, end, "OBSENC", "o")


STARTS = {
    "at-once": (story(STAY, visit("10T08:00", "10T12:00")), "10T08:00"),
    "60-minutes": (story(STAY, visit("10T08:00", "10T11:00")), "10T08:00"),
    "elsewhere": (story(STAY, visit("10T08:00", "10T11:30", hospital=None)), "10T08:00"),
    "by-type": (story(STAY, visit("10T08:00", "10T11:30", "AMB", code=EMERGENCY)), "10T08:00"),
    "observation": (story(STAY, observation("09T20:00", "10T11:00")), "09T20:00"),
    "observation-by-type": (story(STAY, visit("10T02:00", "10T11:30", "AMB", code=OBSERVATION)), "10T02:00"),
    "emergency-then-observation": (
        story(STAY, visit("09T18:00", "09T20:00"), observation("09T21:00", "10T11:30")),
        "09T18:00",
    ),
    "emergency-long-before-observation": (
        story(STAY, visit("09T18:00", "09T19:59"), observation("09T21:00", "10T11:30")),
        "09T21:00",
    ),
    "observation-then-emergency": (
        story(STAY, observation("09T20:00", "10T08:00"), visit("10T08:10", "10T11:50")),
        "10T08:10",
    ),
    "earliest-of-two": (
        story(STAY, visit("10T09:00", "10T11:50", id="w"), visit("10T08:00", "10T11:20")),
        "10T08:00",
    ),
    "across-midnight": (
        story(
            encounter("a", start="2025-03-10T00:30:00Z", end="2025-03-12T10:00:00Z"),
            visit("09T22:00", "10T00:10"),
        ),
        "09T22:00",
    ),
}
NONE = {
    "nothing": story(STAY),
    "61-minutes": story(STAY, visit("10T08:00", "10T10:59")),
    "ends-later": story(STAY, visit("10T08:00", "10T12:01")),
    "other-visit": story(STAY, visit("10T08:00", "10T11:30", "AMB")),
    "reversed": story(STAY, visit("10T11:50", "10T11:30")),
    "of-somebody-else": story(STAY, somebody("q"), visit("10T08:00", "10T11:30", patient_id="q")),
    "in-error": story(STAY, visit("10T08:00", "10T11:30") | {"status": "entered-in-error"}),
    "stay-without-times": story(
        encounter("a", start="2025-03-10", end="2025-03-12"), visit("09T22:00", "09T23:59")
    ),
    "visit-without-times": story(
        encounter("a", start="2025-03-10T00:30:00Z", end="2025-03-12T10:00:00Z"),
        encounter("v", kind="EMER", start="2025-03-09", end="2025-03-10"),
    ),
}
STORIES = {
    **{f"emergency-{name}": told for name, (told, _) in STARTS.items()},
    **{f"emergency-{name}": told for name, told in NONE.items()},
}


@pytest.mark.parametrize("name", STARTS)
def test_care_began_with_the_visit_that_ended_within_the_hour_before(
    stays: dict[str, Row], name: str
) -> None:
    row = stays[f"emergency-{name}.a"]
    assert utc(row.emergency_start_at) == f"2025-03-{STARTS[name][1]}:00Z"
    assert row.emergency_start_date == date(2025, 3, int(STARTS[name][1][:2]))


@pytest.mark.parametrize("name", NONE)
def test_without_such_a_visit_care_began_with_the_stay(stays: dict[str, Row], name: str) -> None:
    row = stays[f"emergency-{name}.a"]
    assert (row.emergency_start_at, row.emergency_start_date) == (None, None)


def test_the_admission_stays_as_it_is(stays: dict[str, Row]) -> None:
    row = stays["emergency-across-midnight.a"]
    assert (utc(row.admission_at), row.admission_date) == ("2025-03-10T00:30:00Z", date(2025, 3, 10))
