"""Was it there on admission, or did it begin in hospital: the onset rules (MEASURES 3.1)."""

from pyspark.sql import Column
from pyspark.sql import functions as F

from metriccare.definitions.decision_codes import InfectionDecision
from metriccare.definitions.value_sets import codes
from metriccare.measures.calendar import days_between

FIRST_HOSPITAL_ONSET_DAY = 3
DAYS_BEFORE_ADMISSION = 2
DAYS_AFTER_DISCHARGE = 1

REFUTED, UNCONFIRMED = (codes("condition_verification", kind) for kind in ("refuted", "unconfirmed"))
PRESENT, NOT_PRESENT = (codes("present_on_admission", kind) for kind in ("present", "not_present"))


def hospital_day() -> Column:
    """Return the day of the event; the day of admission is day 1 (3.1.1)."""
    return days_between(F.col("admission_date"), F.col("event_date")) + 1


def decide(accepts_unconfirmed: bool = False) -> Column:
    """Return the decision on one candidate; the first clause that applies decides.

    Args:
        accepts_unconfirmed: take unconfirmed, provisional and differential diagnoses too (3.3, an option).
    """
    decided = F.lit(None).cast("string")
    refused = REFUTED if accepts_unconfirmed else (*REFUTED, *UNCONFIRMED)
    for clause, outcome in reversed(_clauses(refused)):
        decided = F.when(F.coalesce(clause, F.lit(False)), F.lit(outcome)).otherwise(decided)
    return decided


def _clauses(refused: tuple[str, ...]) -> list[tuple[Column, str]]:
    indicator, rule = F.col("present_on_admission"), F.col("rule")
    after = days_between(F.col("discharge_date"), F.col("event_date"))
    before = days_between(F.col("event_date"), F.col("admission_date"))
    return [
        (F.col("verification_status").isin(*refused), InfectionDecision.NOT_CONFIRMED),
        (rule == "exclude", InfectionDecision.EXCLUDED_CODE),
        (rule == "never", InfectionDecision.PRESENT_ON_ADMISSION),
        (after > DAYS_AFTER_DISCHARGE, InfectionDecision.AFTER_DISCHARGE),
        (before > DAYS_BEFORE_ADMISSION, InfectionDecision.BEFORE_ADMISSION),
        (indicator.isin(*PRESENT), InfectionDecision.PRESENT_ON_ADMISSION),
        (indicator.isin(*NOT_PRESENT), InfectionDecision.HOSPITAL_ONSET),
        (F.col("event_date").isNull() & (rule == "hospital_onset"), InfectionDecision.HOSPITAL_ONSET),
        (F.col("event_date").isNull() | F.col("admission_date").isNull(), InfectionDecision.DATE_UNKNOWN),
        (hospital_day() < FIRST_HOSPITAL_ONSET_DAY, InfectionDecision.PRESENT_ON_ADMISSION),
        (F.lit(True), InfectionDecision.HOSPITAL_ONSET),
    ]
