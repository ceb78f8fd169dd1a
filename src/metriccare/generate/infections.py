"""Builders of infections: each says what it is, on which hospital day, and what must be decided on it."""

from metriccare.definitions.value_sets import Code
from metriccare.generate import vocabulary
from metriccare.generate.draw import Draw
from metriccare.generate.parameters import FIRST_HOSPITAL_ONSET_DAY, MODEL
from metriccare.generate.plan import Infection, StayPlan

PRESENT = "present_on_admission"
HOSPITAL_ONSET = "hospital_onset"
REPEAT = "repeat_within_14_days"
NOT_CONFIRMED = "not_confirmed"
EXCLUDED = "excluded_code"
AFTER_DISCHARGE = "after_discharge"
BEFORE_ADMISSION = "before_admission"
DATE_UNKNOWN = "date_unknown"

_EARLIEST_PRESENT_DAY = -1


def infection(
    draw: Draw, hospital_day: int | None, decision: str, *, code: Code | None = None, rule: str = "date"
) -> Infection:
    """Return an infection with one event day and its decision; its paperwork (dating, category) is drawn."""
    return Infection(
        code=code or draw.pick(vocabulary.infections(rule)),
        hospital_day=hospital_day,
        decision=decision,
        verification=draw.weighted(MODEL.infection_verification),
        dating="none" if hospital_day is None else draw.weighted(MODEL.infection_dating),
        category=draw.weighted(MODEL.infection_category),
    )


def present(draw: Draw) -> Infection:
    """Return an infection present on admission: day 1, day 2 or one of the two days before (NHSN)."""
    return infection(draw, draw.between(_EARLIEST_PRESENT_DAY, FIRST_HOSPITAL_ONSET_DAY - 1), PRESENT)


def hospital_onset(draw: Draw, stay: StayPlan) -> Infection:
    """Return a hospital-onset infection: day 3 of the stay or later (NHSN), up to the day of discharge."""
    return infection(draw, draw.between(FIRST_HOSPITAL_ONSET_DAY, stay.nights + 1), HOSPITAL_ONSET)


def maybe_infect(draw: Draw, stay: StayPlan) -> None:
    """Draw whether an ordinary stay has an infection: none, present on admission or hospital-onset."""
    if draw.chance(MODEL.infection_present):
        stay.infections.append(present(draw))
    elif stay.nights >= FIRST_HOSPITAL_ONSET_DAY - 1 and draw.chance(
        MODEL.infection_onset * stay.hospital.infection * stay.nights / MODEL.usual_nights
    ):
        stay.infections.append(hospital_onset(draw, stay))
