"""Labels of the infection diagnoses of a stay, as decided in the plan."""

from typing import TypedDict

from metriccare.generate.dates import iso
from metriccare.generate.infections import HOSPITAL_ONSET
from metriccare.generate.plan import Infection, StayPlan, event_day


class Event(TypedDict):
    """A candidate infection diagnosis of a stay."""

    condition_id: str
    type: str
    event_date: str | None
    hospital_day: int | None
    decision: str


def events(stay: StayPlan) -> list[Event]:
    """Return the labels of all candidates, counted or not."""
    return [_event(stay, infection) for infection in stay.infections]


def hospital_onset_days(stay: StayPlan) -> list[int]:
    """Return the days of the counted events, one per event."""
    days = [event_day(stay, item) for item in stay.infections if item.decision == HOSPITAL_ONSET]
    return [day for day in days if day is not None]


def _event(stay: StayPlan, infection: Infection) -> Event:
    day = event_day(stay, infection)
    return {
        "condition_id": infection.id,
        "type": infection.code.category,
        "event_date": None if day is None else iso(day),
        "hospital_day": infection.hospital_day,
        "decision": infection.decision,
    }
