"""Condition resources: problem list, diagnoses of a stay, infections."""

from metriccare.definitions.value_sets import Code
from metriccare.generate.dates import iso
from metriccare.generate.parameters import MODEL
from metriccare.generate.plan import Hospital, Infection, PatientPlan, StayPlan, event_day
from metriccare.generate.render.common import Resource, concept, hl7, meta
from metriccare.generate.rng import Rng

_MIDNIGHT_ONSET, _WAKING_HOURS, _FIRST_HOUR = 10, (300, 1300), 60
_LONGEST_HISTORY = 1800
_CATEGORIES = {
    name: [hl7("condition-category", name, display)]
    for name, display in (
        ("encounter-diagnosis", "Encounter Diagnosis"),
        ("problem-list-item", "Problem List Item"),
    )
}
_ACTIVE = hl7("condition-clinical", "active", "Active")
_RESOLVED = hl7("condition-clinical", "resolved", "Resolved")
VERIFICATION = {
    code: hl7("condition-ver-status", code, code.replace("-", " ").capitalize())
    for code in ("confirmed", "refuted", "entered-in-error", "unconfirmed", "provisional", "differential")
}


def condition(
    identity: str,
    plan: PatientPlan,
    hospital: Hospital,
    code: Code,
    *,
    last_fact: int,
    encounter: str | None,
    category: str | None = "encounter-diagnosis",
    verification: str | None = "confirmed",
    clinical: Resource = _ACTIVE,
) -> Resource:
    """Return a Condition without dates, which the callers add."""
    resource: Resource = {
        "resourceType": "Condition",
        "id": identity,
        "meta": meta(hospital.clock, last_fact),
        "code": concept(code),
        "subject": {"reference": f"Patient/{plan.person.id}"},
    }
    if verification != "entered-in-error":
        resource["clinicalStatus"] = clinical
    if verification:
        resource["verificationStatus"] = VERIFICATION[verification]
    if category:
        resource["category"] = _CATEGORIES[category]
    if encounter:
        resource["encounter"] = {"reference": f"Encounter/{encounter}"}
    return resource


def problem_list(rng: Rng, plan: PatientPlan) -> list[Resource]:
    """Return the patient's chronic conditions, which belong to no encounter."""
    first = plan.stays[0]
    problems = []
    for number, code in enumerate(plan.person.chronic):
        problem = condition(
            f"{plan.person.id}-p{number}",
            plan,
            first.hospital,
            code,
            last_fact=first.admission_day,
            encounter=None,
            category="problem-list-item",
        )
        problem["onsetDateTime"] = iso(_history_day(rng, plan, first))
        problem["recordedDate"] = iso(first.admission_day)
        problems.append(problem)
    return problems


def stay_diagnosis(plan: PatientPlan, stay: StayPlan, identity: str, code: Code) -> Resource:
    """Return a diagnosis recorded on admission."""
    clinical = _ACTIVE if stay.open else _RESOLVED
    diagnosis = condition(
        identity,
        plan,
        stay.hospital,
        code,
        last_fact=stay.last_known_day,
        encounter=stay.ids[0],
        clinical=clinical,
    )
    admitted = stay.hospital.clock.text(stay.admission_day, stay.admission_minute)
    diagnosis["onsetDateTime"] = iso(stay.admission_day)
    diagnosis["recordedDate"] = admitted
    return diagnosis


def comorbidity(rng: Rng, plan: PatientPlan, stay: StayPlan, identity: str, code: Code) -> Resource:
    """Return a chronic condition as a diagnosis of the stay, with an onset long before it."""
    diagnosis = stay_diagnosis(plan, stay, identity, code)
    diagnosis["clinicalStatus"] = _ACTIVE
    diagnosis["onsetDateTime"] = iso(_history_day(rng, plan, stay))
    return diagnosis


def infection_condition(rng: Rng, plan: PatientPlan, stay: StayPlan, infection: Infection) -> Resource:
    """Return an infection with the event date in the element that the plan specifies."""
    day = event_day(stay, infection)
    resource = condition(
        infection.id,
        plan,
        stay.hospital,
        infection.code,
        last_fact=max(stay.last_known_day, day or 0),
        encounter=None if infection.only_in_diagnosis else stay.ids[0],
        category=infection.category,
        verification=infection.verification,
    )
    if day is not None:
        resource.update(_dates(rng, stay, infection, day))
    return resource


def _dates(rng: Rng, stay: StayPlan, infection: Infection, day: int) -> Resource:
    moment = stay.hospital.clock.text(day, _minute(rng, stay, infection, day))
    match infection.dating:
        case "recorded":
            return {"recordedDate": moment}
        case "period":
            return {"onsetPeriod": {"start": moment}, "recordedDate": moment}
        case "recorded_first" if day < stay.discharge_day and not stay.open:
            return {"recordedDate": moment, "onsetDateTime": iso(day + 1)}
    date_only = rng.chance(MODEL.date_only_onset) and not infection.after_midnight
    return {"onsetDateTime": iso(day) if date_only else moment, "recordedDate": moment}


def _minute(rng: Rng, stay: StayPlan, infection: Infection, day: int) -> int:
    """Draw the minute of an event, not before the admission and not after the discharge."""
    if infection.after_midnight:
        return _MIDNIGHT_ONSET
    earliest, latest = _WAKING_HOURS
    if day == stay.admission_day:
        earliest, latest = stay.admission_minute, min(stay.admission_minute + _FIRST_HOUR, 1439)
    if day == stay.discharge_day:
        latest = min(latest, stay.discharge_minute)
    return rng.between(min(earliest, latest), latest)


def _history_day(rng: Rng, plan: PatientPlan, stay: StayPlan) -> int:
    return max(plan.person.born, stay.admission_day - rng.between(30, _LONGEST_HISTORY))
