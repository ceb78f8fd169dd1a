"""The doubts about a stay that leave it in a measure (MEASURES 0.4.6, 1.1.6, 2.1, 2.2, 4.8)."""

from typing import Any

import pytest
from pyspark.sql import Row
from tests.support.builders import ASTHMA, HEART_FAILURE, Resource, encounter, patient, stay_for, story


def stay(start: str = "2025-03-01", end: str = "2025-03-05", id: str = "a", **facts: Any) -> list[Resource]:
    """Return a stay whose diagnosis is known, so that no doubt is about that."""
    return stay_for(HEART_FAILURE, id, start=start, end=end, **facts)


def undiagnosed(start: str = "2025-03-01", end: str = "2025-03-05", id: str = "a") -> Resource:
    return encounter(id, start=start, end=end)


def died(day: str) -> Resource:
    return patient(died=day)


HOME = {"disposition": "home"}
SAME_DAY = {"start": "2025-03-05", "end": "2025-03-09", "id": "b"}
NEXT_DAY = SAME_DAY | {"start": "2025-03-06"}

FLAGGED = {
    "nothing": (story(stay()), []),
    "no-diagnosis": (story(undiagnosed()), ["principal_diagnosis_unknown"]),
    "back-undiagnosed": (story(stay(), undiagnosed(**SAME_DAY)), ["same_day_diagnosis_unknown"]),
    "both-undiagnosed": (
        story(undiagnosed(), stay(**SAME_DAY)),
        ["principal_diagnosis_unknown", "same_day_diagnosis_unknown"],
    ),
    "back-for-another": (
        story(stay(), stay_for(ASTHMA, "b", start="2025-03-05", end="2025-03-09")),
        [],
    ),
    "back-the-next-day": (story(stay(), undiagnosed(**NEXT_DAY)), []),
    "back-elsewhere": (
        story(stay(), encounter("b", start="2025-03-05", end="2025-03-09", hospital="H2")),
        [],
    ),
    "dead-on-admission-day": (story(stay(**HOME), of=died("2025-03-01")), ["alive_but_death_inside_stay"]),
    "dead-the-day-before": (story(stay(**HOME), of=died("2025-03-04")), ["alive_but_death_inside_stay"]),
    "dead-on-discharge-day": (story(stay(**HOME), of=died("2025-03-05")), ["died_on_discharge_date"]),
    "dead-the-day-after": (story(stay(**HOME), of=died("2025-03-06")), []),
    "dead-without-disposition": (story(stay(), of=died("2025-03-03")), []),
    "dead-on-last-day-without-disposition": (story(stay(), of=died("2025-03-05")), []),
    "expired-and-dead": (story(stay(disposition="exp"), of=died("2025-03-05")), []),
    "expired-somehow": (story(stay(disposition="exp"), of=patient(deceasedBoolean=True)), []),
    "expired-alive": (
        story(stay(disposition="exp"), of=patient(deceasedBoolean=False)),
        ["expired_but_not_deceased"],
    ),
    "expired-unsaid": (story(stay(disposition="exp")), ["expired_but_not_deceased"]),
    "after-death": (story(stay(), of=died("2025-02-28")), ["vital_status_inconsistent"]),
    "before-birth": (story(stay(), of=patient(born="2025-03-02")), ["vital_status_inconsistent"]),
    "on-birth": (story(stay(), of=patient(born="2025-03-01")), []),
    "365-days": (story(stay("2023-01-01", "2024-01-01")), []),
    "366-days": (story(stay("2023-01-01", "2024-01-02")), ["length_over_365_days"]),
    "nowhere": (story(stay(hospital=None)), ["hospital_missing"]),
    "nowhere-and-long": (
        story(stay("2023-01-01", "2024-01-02", hospital=None)),
        ["hospital_missing", "length_over_365_days"],
    ),
}
STORIES = {f"flag-{name}": told for name, (told, _) in FLAGGED.items()}


@pytest.mark.parametrize("name", FLAGGED)
def test_a_doubt_about_a_stay_is_named_and_no_other(decided: dict[str, Row], name: str) -> None:
    assert decided[f"flag-{name}.a"].quality_flags == FLAGGED[name][1]


@pytest.mark.parametrize("name", ["no-diagnosis", "expired-unsaid", "366-days", "dead-the-day-before"])
def test_a_doubt_takes_no_stay_out_of_mortality(decided: dict[str, Row], name: str) -> None:
    assert decided[f"flag-{name}.a"].mortality_in_hospital.denominator
