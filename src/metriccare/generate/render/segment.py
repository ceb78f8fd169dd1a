"""Encounters that are part of a stay's story: the emergency visit before it and the ICU segment in it."""

from metriccare.generate import vocabulary
from metriccare.generate.plan import PatientPlan, StayPlan
from metriccare.generate.render.common import Resource, concept
from metriccare.generate.render.encounter import PRIORITIES, encounter
from metriccare.generate.rng import Rng

MINIMUM_NIGHTS_OF_INTENSIVE_CARE = 2
_EMERGENCY_LENGTH, _EMERGENCY_GAP = (60, 150), (0, 20)
_TRANSFER_TO_ICU, _TRANSFER_TO_WARD = 360, 480


def emergency_visit(rng: Rng, plan: PatientPlan, stay: StayPlan) -> Resource:
    """Return the emergency department visit that led to the admission."""
    end = stay.admission_minute - rng.between(*_EMERGENCY_GAP)
    start = end - rng.between(*_EMERGENCY_LENGTH)
    clock = stay.hospital.clock
    visit = encounter(
        f"{stay.ids[0]}-ed",
        plan,
        stay.hospital,
        class_code="EMER",
        start=clock.text(stay.admission_day, start),
        end=clock.text(stay.admission_day, end),
        last_fact=stay.admission_day,
    )
    kind = rng.pick(vocabulary.visit_types("EMER"))
    reason = [concept(stay.principal)]
    return {**visit, "type": [concept(kind)], "priority": PRIORITIES["EM"], "reasonCode": reason}


def intensive_care(plan: PatientPlan, stay: StayPlan) -> Resource:
    """Return the ICU segment, from the first to the second morning: part of the stay, although of class ACUTE."""
    clock = stay.hospital.clock
    segment = encounter(
        f"{stay.ids[0]}-icu",
        plan,
        stay.hospital,
        class_code="ACUTE",
        start=clock.text(stay.admission_day + 1, _TRANSFER_TO_ICU),
        end=clock.text(stay.admission_day + 2, _TRANSFER_TO_WARD),
        last_fact=stay.discharge_day,
    )
    kind = concept(vocabulary.visit_types("ICU")[0])
    return {**segment, "type": [kind], "partOf": {"reference": f"Encounter/{stay.ids[0]}"}}
