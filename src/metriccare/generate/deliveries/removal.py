"""Events with resources that were never true: they are deleted or marked as entered in error."""

from collections.abc import Callable

from metriccare.generate.deliveries.case import Case
from metriccare.generate.deliveries.item import DELETED, ENTERED_IN_ERROR, NEVER_TRUE, STALE
from metriccare.generate.deliveries.version import deletion, newer, older
from metriccare.generate.infections import hospital_onset, present
from metriccare.generate.parameters import FIRST_HOSPITAL_ONSET_DAY
from metriccare.generate.render.common import Resource
from metriccare.generate.render.condition import VERIFICATION, infection_condition
from metriccare.generate.render.encounter import encounter

Fabricate = Callable[[Case], list[Resource]]
_DAYS_BEFORE, _NIGHTS = 20, 3
_NOON = 720


def deleted(case: Case, fabricate: Fabricate) -> None:
    """A false resource arrives first and is deleted later."""
    false_resources = fabricate(case)
    _add_all(case, false_resources, NEVER_TRUE, delivery=0)
    case.add(deletion(false_resources, case.sent), DELETED)


def deleted_then_copied(case: Case, fabricate: Fabricate) -> None:
    """A resource is deleted, then an older copy arrives, which must not restore it."""
    false_resources = fabricate(case)
    copies = [older(case.form, resource, language="en-US") for resource in false_resources]
    _add_all(case, false_resources, NEVER_TRUE, delivery=0)
    case.add(deletion(false_resources, case.sent), DELETED, delivery=case.any_later())
    _add_all(case, copies, STALE)


def deleted_before(case: Case, fabricate: Fabricate) -> None:
    """The deletion arrives before the resource that it deletes, or with it."""
    false_resources = fabricate(case)
    case.add(deletion(false_resources, case.sent), DELETED, delivery=case.any_later())
    _add_all(case, false_resources, NEVER_TRUE)


def entered_in_error(case: Case, fabricate: Fabricate) -> None:
    """A false resource arrives first and is marked as entered in error later."""
    false_resources = fabricate(case)
    _add_all(case, false_resources, NEVER_TRUE, delivery=0)
    _add_all(case, [_in_error(case, resource) for resource in false_resources], ENTERED_IN_ERROR)


def entered_in_error_before(case: Case, fabricate: Fabricate) -> None:
    """The entered-in-error version arrives before the false version, or with it."""
    false_resources = fabricate(case)
    errors = [_in_error(case, resource) for resource in false_resources]
    _add_all(case, errors, ENTERED_IN_ERROR, delivery=case.any_later())
    _add_all(case, false_resources, STALE)


def a_stay(case: Case) -> list[Resource]:
    """Fabricate a stay of three nights shortly before a true stay, which thereby becomes a readmission."""
    return [_stay(case, case.plan.person.id)]


def an_infection(case: Case) -> list[Resource]:
    """Fabricate a hospital-onset infection of a stay; present on admission if the stay is too short."""
    stay = case.stay()
    onset = stay.nights >= FIRST_HOSPITAL_ONSET_DAY - 1
    invented = hospital_onset(case.rng, stay) if onset else present(case.rng)
    invented.id = f"{case.plan.person.id}-x1"
    return [infection_condition(case.rng, case.plan, stay, invented)]


def a_patient(case: Case) -> list[Resource]:
    """Fabricate a patient with one stay."""
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
