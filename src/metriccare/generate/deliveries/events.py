"""The events of later deliveries, and their assignment to patients."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from math import floor

from metriccare.generate.deliveries import correction, identity, late, removal
from metriccare.generate.deliveries.case import Case
from metriccare.generate.deliveries.item import NOT_JSON, NOT_UTF8

Event = Callable[[Case], None]

EVENTS: dict[str, Event] = {
    "late stay": late.late_stay,
    "encounter corrected": partial(correction.corrected, select=correction.an_encounter),
    "encounter deleted": partial(removal.deleted, fabricate=removal.a_stay),
    "patient merged": identity.registered_twice,
    "late patient": late.late_patient,
    "condition corrected": partial(correction.corrected, select=correction.a_condition),
    "condition in error": partial(removal.entered_in_error, fabricate=removal.an_infection),
    "encounter of another patient": partial(identity.wrong_patient, select=correction.an_encounter),
    "repeated": late.repeated,
    "line not JSON": partial(late.unreadable, damage=NOT_JSON),
    "encounter corrected before": partial(correction.corrected_before, select=correction.an_encounter),
    "encounter deleted, then copied": partial(removal.deleted_then_copied, fabricate=removal.a_stay),
    "late diagnoses": late.late_diagnoses,
    "patient corrected": partial(correction.corrected, select=correction.the_patient),
    "condition of another patient": partial(identity.wrong_patient, select=correction.a_condition),
    "encounter in error": partial(removal.entered_in_error, fabricate=removal.a_stay),
    "condition deleted": partial(removal.deleted, fabricate=removal.an_infection),
    "patient merged twice": identity.registered_three_times,
    "condition corrected before": partial(correction.corrected_before, select=correction.a_condition),
    "line not UTF-8": partial(late.unreadable, damage=NOT_UTF8),
    "patient deleted": partial(removal.deleted, fabricate=removal.a_patient),
    "encounter deleted before": partial(removal.deleted_before, fabricate=removal.a_stay),
    "patient corrected before": partial(correction.corrected_before, select=correction.the_patient),
    "condition in error before": partial(removal.entered_in_error_before, fabricate=removal.an_infection),
}


NAMES = tuple(EVENTS)


@dataclass(frozen=True)
class AssignedEvent:
    """The event of a patient: its name, its later delivery and the form of its older versions."""

    name: str
    delivery: int
    form: int


def event_of(number: int, batches: int, rate: float) -> AssignedEvent | None:
    """Return the event of patient `number`; None for most patients.

    Events are assigned in turn and evenly spaced, so that each occurs once in every `len(EVENTS) / rate` patients.

    Args:
        number: number of the patient, from 0.
        batches: number of later deliveries.
        rate: share of the patients with an event, up to 1.
    """
    event = floor(number * rate)
    if floor((number + 1) * rate) == event:
        return None
    turn, place = divmod(event, len(NAMES))
    return AssignedEvent(NAMES[place], delivery=1 + (place + turn) % batches, form=place + turn)
