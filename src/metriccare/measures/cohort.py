"""Who is in the initial population: the clauses that all measures share, in their order; and two that several share."""

from metriccare.definitions.decision_codes import Reason, Role
from metriccare.measures.clause import Exclusion
from metriccare.measures.evidence import of_patient, of_stay

PATIENT_UNKNOWN = Exclusion(Reason.PATIENT_UNKNOWN, "NOT is_patient_known", of_stay(), "MEASURES 0.1.7")
NOT_FINISHED = Exclusion(Reason.NOT_FINISHED, "is_open", of_stay(), "MEASURES 0.1.5")

DATES_UNUSABLE = Exclusion(
    Reason.DATES_UNUSABLE,
    "NOT is_open AND (admission_date IS NULL OR discharge_date IS NULL)",
    of_stay(),
    "MEASURES 0.1.6, 0.2.2",
)
"""A stay that is over but whose start or end is missing or less precise than a day."""

END_BEFORE_START = Exclusion(
    Reason.END_BEFORE_START,
    "CASE WHEN has_times THEN discharge_at < admission_at ELSE discharge_date < admission_date END",
    of_stay(),
    "MEASURES 0.1.6",
)
"""Compared as instants where both have a time of day (as text a DST change would mislead), else as dates."""

AGE_UNKNOWN = Exclusion(
    Reason.AGE_UNKNOWN, "min_age IS NOT NULL AND age IS NULL", of_patient(Role.BIRTH), "MEASURES 0.5"
)
"""Age in completed years on the admission date; a profile without a limit asks for none."""

UNDER_AGE = Exclusion(Reason.UNDER, "age < min_age", of_patient(Role.BIRTH), "MEASURES 0.5", number="min_age")

COMMON = (PATIENT_UNKNOWN, NOT_FINISHED, DATES_UNUSABLE, END_BEFORE_START, AGE_UNKNOWN, UNDER_AGE)

NOT_ACUTE = Exclusion(Reason.NOT_ACUTE, "NOT is_acute", of_stay(), "MEASURES 0.1.1")
"""Rehabilitation, skilled nursing and psychiatric units (NONAC) are no acute stays."""

TOO_LONG = Exclusion(
    Reason.TOO_LONG,
    "discharge_date - admission_date > max_days",
    of_stay(),
    "MEASURES 0.5",
    number="max_days + 1",
)
"""The eCQMs count stays of less than 365 days only."""

TOO_OLD_FOR_MORTALITY = Exclusion(
    Reason.OVER, "age > max_age_mortality", of_patient(Role.BIRTH), "MEASURES 0.5", number="max_age_mortality"
)
"""CMS844 counts ages up to 94."""
