"""Renders plans as FHIR R4 resources: plain dictionaries, ready to be written as JSON."""

from metriccare.generate.draw import Draw
from metriccare.generate.plan import PatientPlan
from metriccare.generate.planner import World
from metriccare.generate.render.common import Resource
from metriccare.generate.render.condition import problem_list
from metriccare.generate.render.contact import render_contact
from metriccare.generate.render.patient import render_patient
from metriccare.generate.render.stay import render_stay


def render(world: World, draw: Draw, plan: PatientPlan) -> tuple[Resource, list[Resource], list[Resource]]:
    """Return the Patient, the Encounters and the Conditions of one plan."""
    encounters: list[Resource] = []
    conditions = problem_list(draw, plan)
    for stay in plan.stays:
        of_stay, diagnoses = render_stay(draw, plan, stay)
        encounters += of_stay
        conditions += diagnoses
    for number, contact in enumerate(plan.contacts):
        visit, diagnosis = render_contact(draw, plan, contact, number)
        encounters.append(visit)
        conditions.append(diagnosis)
    return render_patient(world, draw, plan), encounters, conditions
