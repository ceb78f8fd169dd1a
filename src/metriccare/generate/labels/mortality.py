"""Labels of deaths in hospital and within 30 days of admission."""

from metriccare.generate.labels import common_exclusion, first_true
from metriccare.generate.parameters import LAST_MORTALITY_DAY
from metriccare.generate.plan import PatientPlan, StayPlan


def in_hospital_exclusion(plan: PatientPlan, stay: StayPlan) -> str | None:
    """Return the reason that excludes a stay from in-hospital mortality, None if there is none."""
    return common_exclusion(plan, stay) or first_true(
        ("not_acute", not stay.acute),
        ("inconsistent_vital_status", plan.inconsistent),
        ("transferred_out", stay.next_leg is not None or stay.has_disposition("acute_transfer")),
    )


def thirty_day_exclusion(plan: PatientPlan, stay: StayPlan, end: int) -> str | None:
    """Return the reason that excludes a stay from 30-day mortality, None if there is none."""
    return common_exclusion(plan, stay) or first_true(
        ("not_acute", not stay.acute),
        ("inconsistent_vital_status", plan.inconsistent),
        ("death_date_unknown", plan.death is not None and not plan.death.date_known),
        ("left_against_medical_advice", stay.has_disposition("left_against_medical_advice")),
        ("transferred_in", stay.is_transfer),
        ("hospice_prior_12_months", stay.hospice_before),
        ("follow_up_incomplete", stay.admission_day + LAST_MORTALITY_DAY > end),
    )


def died_within_thirty_days(plan: PatientPlan, stay: StayPlan) -> bool:
    """Return whether the patient's death belongs to this stay and was 0..30 days after its admission.

    It belongs to the first leg of the transfer chain in or after which it was planned.
    """
    death = plan.death
    if death is None or (death.stay.first_leg or death.stay) is not stay:
        return False
    return death.day - stay.admission_day <= LAST_MORTALITY_DAY
