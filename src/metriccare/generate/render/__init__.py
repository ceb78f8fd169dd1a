"""Renders plans as FHIR R4 resources, as dictionaries for JSON."""

from metriccare.generate.plan import PatientPlan
from metriccare.generate.planner import World
from metriccare.generate.render.common import Resource
from metriccare.generate.render.condition import problem_list
from metriccare.generate.render.contact import render_contact
from metriccare.generate.render.patient import render_patient
from metriccare.generate.render.stay import render_stay
from metriccare.generate.rng import Rng


def render(world: World, rng: Rng, plan: PatientPlan) -> tuple[Resource, list[Resource], list[Resource]]:
    """Return the Patient, Encounters and Conditions of one plan."""
    encounters: list[Resource] = []
    conditions = problem_list(rng, plan)
    for stay in plan.stays:
        of_stay, diagnoses = render_stay(rng, plan, stay)
        encounters += of_stay
        conditions += diagnoses
    for number, contact in enumerate(plan.contacts):
        visit, diagnosis = render_contact(rng, plan, contact, number)
        encounters.append(visit)
        conditions.append(diagnosis)
    return render_patient(world, rng, plan), encounters, conditions
