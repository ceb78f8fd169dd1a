"""The events of the later deliveries, and to which patients they happen."""

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
    "encounter corrected": partial(correction.corrected, choose=correction.an_encounter),
    "encounter deleted": partial(removal.deleted, invent=removal.a_stay),
    "patient merged": identity.registered_twice,
    "late patient": late.late_patient,
    "condition corrected": partial(correction.corrected, choose=correction.a_condition),
    "condition in error": partial(removal.entered_in_error, invent=removal.an_infection),
    "encounter of another patient": partial(identity.wrong_patient, choose=correction.an_encounter),
    "repeated": late.repeated,
    "line not JSON": partial(late.unreadable, damage=NOT_JSON),
    "encounter corrected before": partial(correction.corrected_before, choose=correction.an_encounter),
    "encounter deleted, then copied": partial(removal.deleted_then_copied, invent=removal.a_stay),
    "late diagnoses": late.late_diagnoses,
    "patient corrected": partial(correction.corrected, choose=correction.the_patient),
    "condition of another patient": partial(identity.wrong_patient, choose=correction.a_condition),
    "encounter in error": partial(removal.entered_in_error, invent=removal.a_stay),
    "condition deleted": partial(removal.deleted, invent=removal.an_infection),
    "patient merged twice": identity.registered_three_times,
    "condition corrected before": partial(correction.corrected_before, choose=correction.a_condition),
    "line not UTF-8": partial(late.unreadable, damage=NOT_UTF8),
    "patient deleted": partial(removal.deleted, invent=removal.a_patient),
    "encounter deleted before": partial(removal.deleted_before, invent=removal.a_stay),
    "patient corrected before": partial(correction.corrected_before, choose=correction.the_patient),
    "condition in error before": partial(removal.entered_in_error_before, invent=removal.an_infection),
}


NAMES = tuple(EVENTS)


@dataclass(frozen=True)
class Dealt:
    """What happens to a patient: the event's name, the later delivery of it, the form of its older versions."""

    name: str
    delivery: int
    form: int


def event_of(number: int, batches: int, rate: float) -> Dealt | None:
    """Return the event that happens to patient `number`; None for most patients.

    Events are dealt in turn, at even distances, so that each occurs in every `len(EVENTS) / rate` patients.

    Args:
        number: number of the patient, from 0.
        batches: number of later deliveries.
        rate: share of the patients to whom an event happens, up to 1.
    """
    event = floor(number * rate)
    if floor((number + 1) * rate) == event:
        return None
    turn, place = divmod(event, len(NAMES))
    return Dealt(NAMES[place], delivery=1 + (place + turn) % batches, form=place + turn)
