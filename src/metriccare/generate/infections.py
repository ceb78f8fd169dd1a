"""Builders of infections, each with its hospital day and the decision that the measure must make."""

from metriccare.definitions.value_sets import Code
from metriccare.generate import vocabulary
from metriccare.generate.parameters import FIRST_HOSPITAL_ONSET_DAY, MODEL
from metriccare.generate.plan import Infection, StayPlan
from metriccare.generate.rng import Rng

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
    rng: Rng, hospital_day: int | None, decision: str, *, code: Code | None = None, rule: str = "date"
) -> Infection:
    """Return an infection with one event day and its decision; how it is documented is random."""
    return Infection(
        code=code or rng.pick(vocabulary.infections(rule)),
        hospital_day=hospital_day,
        decision=decision,
        verification=rng.weighted(MODEL.infection_verification),
        dating="none" if hospital_day is None else rng.weighted(MODEL.infection_dating),
        category=rng.weighted(MODEL.infection_category),
    )


def present(rng: Rng) -> Infection:
    """Return an infection present on admission: day 1 or 2, or one of the two days before (NHSN)."""
    return infection(rng, rng.between(_EARLIEST_PRESENT_DAY, FIRST_HOSPITAL_ONSET_DAY - 1), PRESENT)


def hospital_onset(rng: Rng, stay: StayPlan) -> Infection:
    """Return a hospital-onset infection: day 3 of the stay or later (NHSN), up to the day of discharge."""
    return infection(rng, rng.between(FIRST_HOSPITAL_ONSET_DAY, stay.nights + 1), HOSPITAL_ONSET)


def maybe_infect(rng: Rng, stay: StayPlan) -> None:
    """Give an ordinary stay no infection, one present on admission or a hospital-onset one, at random."""
    if rng.chance(MODEL.infection_present):
        stay.infections.append(present(rng))
    elif stay.nights >= FIRST_HOSPITAL_ONSET_DAY - 1 and rng.chance(
        MODEL.infection_onset * stay.hospital.infection * stay.nights / MODEL.usual_nights
    ):
        stay.infections.append(hospital_onset(rng, stay))
