"""The resources of a stay: its Encounters, ICU segment, emergency visit and diagnoses."""

from metriccare.definitions.value_sets import Code
from metriccare.generate import vocabulary
from metriccare.generate.parameters import MODEL
from metriccare.generate.plan import Hours, PatientPlan, StayPlan
from metriccare.generate.render.common import Resource, concept
from metriccare.generate.render.condition import comorbidity, infection_condition, stay_diagnosis
from metriccare.generate.render.encounter import ADMIT_SOURCES, PRIORITIES, diagnosis, encounter
from metriccare.generate.render.segment import (
    MINIMUM_NIGHTS_OF_INTENSIVE_CARE,
    emergency_visit,
    intensive_care,
)
from metriccare.generate.rng import Rng

_COMORBIDITIES = 2
_OVERLAP_DAYS = (2, 3)
_NOON = 720
_EMERGENCY_TYPE, _ADMISSION_TYPE, _ELECTIVE_TYPE = vocabulary.codes_of("encounter_type", "acute_inpatient")


def render_stay(rng: Rng, plan: PatientPlan, stay: StayPlan) -> tuple[list[Resource], list[Resource]]:
    """Return the Encounters and the Conditions of a stay."""
    conditions, entries = _diagnoses(rng, plan, stay)
    encounters = [{**part, **_details(rng, stay), "diagnosis": entries} for part in _encounters(plan, stay)]
    if stay.emergency:
        encounters.append(emergency_visit(rng, plan, stay))
    if stay.intensive_care and stay.nights >= MINIMUM_NIGHTS_OF_INTENSIVE_CARE and not stay.open:
        encounters.append(intensive_care(plan, stay))
    return encounters, conditions


def _diagnoses(rng: Rng, plan: PatientPlan, stay: StayPlan) -> tuple[list[Resource], list[Resource]]:
    """Return the Conditions of a stay and the Encounter.diagnosis entries that refer to them."""
    conditions: list[Resource] = []
    entries: list[Resource] = []
    if not any(infection.principal for infection in stay.infections):
        conditions.append(stay_diagnosis(plan, stay, f"{stay.ids[0]}-d1", stay.principal))
        entries.append(diagnosis(conditions[0]["id"], "AD" if stay.open else "DD", 1))
    for infection in stay.infections:
        conditions.append(infection_condition(rng, plan, stay, infection))
        entries.append(diagnosis(infection.id, "DD", len(entries) + 1, infection))
    for number, code in enumerate(plan.person.chronic[:_COMORBIDITIES], start=2):
        conditions.append(comorbidity(rng, plan, stay, f"{stay.ids[0]}-d{number}", code))
        entries.append(diagnosis(conditions[-1]["id"], "CM", len(entries) + 1))
    return conditions, entries


def _encounters(plan: PatientPlan, stay: StayPlan) -> list[Resource]:
    """Return the stay as recorded by the hospital: one encounter, or two that overlap by a day."""
    clock = stay.hospital.clock
    start = clock.text(stay.admission_day, stay.admission_minute)
    second_pass = stay.hours is Hours.REPEATED_HOUR
    end = None if stay.open else clock.text(stay.discharge_day, stay.discharge_minute, second_pass)
    periods: list[tuple[str, str | None]] = [(start, end)]
    if stay.fragments > 1:
        second_start, first_end = (clock.text(stay.admission_day + days, _NOON) for days in _OVERLAP_DAYS)
        periods = [(start, first_end), (second_start, end)]
    return [
        encounter(
            identity,
            plan,
            stay.hospital,
            class_code=stay.class_code,
            start=period[0],
            end=period[1],
            last_fact=stay.last_known_day,
            status=stay.status,
        )
        for identity, period in zip(stay.ids, periods, strict=True)
    ]


def _details(rng: Rng, stay: StayPlan) -> Resource:
    """Return type, priority, reason and hospitalization."""
    details: Resource = {
        "type": [_type(stay)],
        "priority": PRIORITIES[_priority(stay)],
        "reasonCode": [concept(stay.principal)],
    }
    hospitalization = _hospitalization(rng, stay)
    return {**details, "hospitalization": hospitalization} if hospitalization else details


def _type(stay: StayPlan) -> Resource:
    if not stay.acute:
        return concept(vocabulary.visit_types(stay.class_code)[0])
    if stay.emergency:
        return concept(_EMERGENCY_TYPE)
    return concept(_ELECTIVE_TYPE if vocabulary.is_planned(stay.principal) else _ADMISSION_TYPE)


def _priority(stay: StayPlan) -> str:
    if vocabulary.is_planned(stay.principal):
        return "EL"
    return "EM" if stay.emergency else "UR"


def _hospitalization(rng: Rng, stay: StayPlan) -> Resource:
    """Return the admission source and the disposition, if recorded."""
    hospitalization: Resource = {}
    if rng.chance(MODEL.states_source):
        source = "emd" if stay.emergency else "hosp-trans" if stay.is_transfer else "gp"
        hospitalization["admitSource"] = ADMIT_SOURCES[source]
    if stay.disposition is not None and not stay.open:
        hospitalization["dischargeDisposition"] = _disposition(rng, stay.disposition)
    return hospitalization


def _disposition(rng: Rng, code: Code) -> Resource:
    """Return the disposition, occasionally with a second coding of the same class from another system."""
    if not rng.chance(MODEL.both_dispositions):
        return concept(code)
    second = vocabulary.disposition(rng, code.category)
    if second == code:
        return concept(code)
    codings = [part for both in (code, second) for part in concept(both)["coding"]]
    return {"coding": codings, "text": code.display}
