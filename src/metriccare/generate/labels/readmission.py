"""Labels of readmission within 30 days: index admissions and their next acute stay."""

from metriccare.generate import vocabulary
from metriccare.generate.infections import PRESENT
from metriccare.generate.labels import common_exclusion, first_true
from metriccare.generate.parameters import LAST_READMISSION_DAY
from metriccare.generate.plan import PatientPlan, StayPlan


def exclusion(plan: PatientPlan, stay: StayPlan, end: int) -> str | None:
    """Return the reason why a stay is not an index admission, None if it is one."""
    category = vocabulary.index_exclusion(stay.principal)
    return common_exclusion(plan, stay) or first_true(
        ("not_acute", not stay.acute),
        ("inconsistent_vital_status", plan.inconsistent),
        ("died_in_hospital", stay.dies),
        ("died_on_discharge_date", stay.dies_on_discharge_date),
        ("left_against_medical_advice", stay.has_disposition("left_against_medical_advice")),
        ("transferred_out", stay.next_leg is not None or stay.has_disposition("acute_transfer")),
        (category, category is not None),
        ("covid_19", _has_covid_19(stay)),
        ("same_day_continuation", _continues_same_day(stay)),
        ("follow_up_incomplete", stay.discharge_day + LAST_READMISSION_DAY > end),
    )


def readmitted(stay: StayPlan) -> bool:
    """Return whether the next acute stay starts 0..30 days after this discharge."""
    return stay.next_acute is not None and stay.next_acute.after <= LAST_READMISSION_DAY


def readmitted_unplanned(stay: StayPlan) -> bool:
    """Return the same for an unplanned next stay; stays after a planned one do not count."""
    return (
        readmitted(stay)
        and stay.next_acute is not None
        and not vocabulary.is_planned(stay.next_acute.principal)
    )


def _has_covid_19(stay: StayPlan) -> bool:
    """Return whether an infection present on admission is COVID-19."""
    return any(item.decision == PRESENT and vocabulary.is_covid_19(item.code) for item in stay.infections)


def _continues_same_day(stay: StayPlan) -> bool:
    following = stay.next_acute
    return (
        following is not None
        and following.after == 0
        and following.hospital is stay.hospital
        and following.principal == stay.principal
    )
