"""Events of what was never true: it is deleted, or said to be entered in error, and stays so."""

from collections.abc import Callable

from metriccare.generate.deliveries.case import Case
from metriccare.generate.deliveries.item import DELETED, ENTERED_IN_ERROR, NEVER_TRUE, STALE
from metriccare.generate.deliveries.version import deletion, newer, older
from metriccare.generate.infections import hospital_onset, present
from metriccare.generate.parameters import FIRST_HOSPITAL_ONSET_DAY
from metriccare.generate.render.common import Resource
from metriccare.generate.render.condition import VERIFICATION, infection_condition
from metriccare.generate.render.encounter import encounter

Invent = Callable[[Case], list[Resource]]
_DAYS_BEFORE, _NIGHTS = 20, 3
_NOON = 720


def deleted(case: Case, invent: Invent) -> None:
    """Something that was never true comes first and is deleted later."""
    untrue = invent(case)
    _add_all(case, untrue, NEVER_TRUE, delivery=0)
    case.add(deletion(untrue, case.sent), DELETED)


def deleted_then_copied(case: Case, invent: Invent) -> None:
    """Something is deleted, and an older copy of it comes after that: it must not revive it."""
    untrue = invent(case)
    copies = [older(case.form, resource, language="en-US") for resource in untrue]
    _add_all(case, untrue, NEVER_TRUE, delivery=0)
    case.add(deletion(untrue, case.sent), DELETED, delivery=case.any_later())
    _add_all(case, copies, STALE)


def deleted_before(case: Case, invent: Invent) -> None:
    """The deletion comes before, or together with, what it deletes."""
    untrue = invent(case)
    case.add(deletion(untrue, case.sent), DELETED, delivery=case.any_later())
    _add_all(case, untrue, NEVER_TRUE)


def entered_in_error(case: Case, invent: Invent) -> None:
    """Something that was never true comes first and is said to be entered in error later."""
    untrue = invent(case)
    _add_all(case, untrue, NEVER_TRUE, delivery=0)
    _add_all(case, [_in_error(case, resource) for resource in untrue], ENTERED_IN_ERROR)


def entered_in_error_before(case: Case, invent: Invent) -> None:
    """It is said to be entered in error before, or in the delivery in which, the untrue version comes."""
    untrue = invent(case)
    errors = [_in_error(case, resource) for resource in untrue]
    _add_all(case, errors, ENTERED_IN_ERROR, delivery=case.any_later())
    _add_all(case, untrue, STALE)


def a_stay(case: Case) -> list[Resource]:
    """Invent three nights that end two and a half weeks before one of the stays, which they make a readmission."""
    return [_stay(case, case.plan.person.id)]


def an_infection(case: Case) -> list[Resource]:
    """Invent a hospital-onset infection of one of the stays; present on admission where it was too short."""
    stay = case.stay()
    onset = stay.nights >= FIRST_HOSPITAL_ONSET_DAY - 1
    invented = hospital_onset(case.draw, stay) if onset else present(case.draw)
    invented.id = f"{case.plan.person.id}-x1"
    return [infection_condition(case.draw, case.plan, stay, invented)]


def a_patient(case: Case) -> list[Resource]:
    """Invent a person with one stay."""
    identity = f"{case.plan.person.id}-x2"
    return [{**case.patient.resource, "id": identity}, _stay(case, identity)]


def _stay(case: Case, patient_id: str) -> Resource:
    stay = case.stay()
    clock, first = stay.hospital.clock, stay.admission_day - _DAYS_BEFORE
    invented = encounter(
        f"{case.plan.person.id}-x0",
        case.plan,
        stay.hospital,
        class_code="IMP",
        start=clock.text(first, _NOON),
        end=clock.text(first + _NIGHTS, _NOON),
        last_fact=first + _NIGHTS,
    )
    true = case.encounter(stay).resource
    paperwork = {name: true[name] for name in ("type", "priority", "reasonCode")}
    return {**invented, **paperwork, "subject": {"reference": f"Patient/{patient_id}"}}


def _in_error(case: Case, resource: Resource) -> Resource:
    if resource["resourceType"] == "Encounter":
        return newer(resource, case.sent, status="entered-in-error")
    in_error = VERIFICATION["entered-in-error"]
    return newer(resource, case.sent, verificationStatus=in_error, clinicalStatus=None)


def _add_all(case: Case, resources: list[Resource], kind: str, delivery: int | None = None) -> None:
    for resource in resources:
        case.add(resource, kind, delivery)
