"""Encounters other than stays: outpatient contacts, and inpatient encounters that never took place."""

from metriccare.definitions.value_sets import Code
from metriccare.generate import vocabulary
from metriccare.generate.dates import iso
from metriccare.generate.plan import Contact, PatientPlan
from metriccare.generate.render.common import Resource, concept
from metriccare.generate.render.condition import condition
from metriccare.generate.render.encounter import PRIORITIES, diagnosis, encounter
from metriccare.generate.rng import Rng

_START = (480, 1020)
_LENGTHS = {"AMB": (0, 30), "EMER": (0, 240), "OBSENC": (1, 60), "SS": (0, 360), "IMP": (2, 60)}
_PRIORITY_OF = {"AMB": "R", "EMER": "EM", "OBSENC": "UR", "SS": "UR", "IMP": "EL"}


def render_contact(rng: Rng, plan: PatientPlan, contact: Contact, number: int) -> tuple[Resource, Resource]:
    """Return the Encounter of a contact and its diagnosis."""
    identity = f"{plan.person.id}-v{number}"
    visit = _visit(rng, plan, contact, identity)
    code = rng.pick(vocabulary.infections("date") if contact.infection else vocabulary.acute_diagnoses())
    reason = condition(f"{identity}-d1", plan, plan.home, code, last_fact=contact.day, encounter=identity)
    reason["onsetDateTime"] = reason["recordedDate"] = iso(contact.day)
    visit["reasonCode"] = [concept(code)]
    visit["diagnosis"] = [diagnosis(reason["id"], "AD", 1)]
    return visit, reason


def _visit(rng: Rng, plan: PatientPlan, contact: Contact, identity: str) -> Resource:
    nights, minutes = _LENGTHS[contact.class_code]
    start, clock = rng.between(*_START), plan.home.clock
    visit = encounter(
        identity,
        plan,
        plan.home,
        class_code=contact.class_code,
        start=clock.text(contact.day, start),
        end=None if contact.status == "unknown" else clock.text(contact.day + nights, start + minutes),
        last_fact=contact.day + nights,
        status=contact.status,
    )
    visit["type"] = [concept(rng.pick(_types(contact.class_code)))]
    visit["priority"] = PRIORITIES[_PRIORITY_OF[contact.class_code]]
    return visit


def _types(class_code: str) -> tuple[Code, ...]:
    return vocabulary.visit_types(class_code) or vocabulary.codes_of("encounter_type", "acute_inpatient")
