"""Who is in the initial population: the clauses that all measures share, in their order."""

from pyspark.sql import Column
from pyspark.sql import functions as F

from metriccare.definitions.decision_codes import Reason, Role
from metriccare.definitions.profiles import Profile
from metriccare.measures.calendar import days_between
from metriccare.measures.clause import Exclusion
from metriccare.measures.evidence import of_patient, of_stay


def common_exclusions(profile: Profile) -> list[Exclusion]:
    """Return the clauses of MEASURES 0.1.5 (finished), 0.1.6 and 0.2.2 (dates) and 0.5 (age)."""
    return [
        Exclusion(Reason.PATIENT_UNKNOWN, ~F.col("is_patient_known"), of_stay()),
        Exclusion(Reason.NOT_FINISHED, F.col("is_open"), of_stay()),
        Exclusion(Reason.DATES_UNUSABLE, lacks_dates(), of_stay()),
        Exclusion(Reason.END_BEFORE_START, ends_before_start(), of_stay()),
        *_age_exclusions(profile),
    ]


def _age_exclusions(profile: Profile) -> list[Exclusion]:
    """Age in completed years on the admission date (0.5); a profile without a limit asks for none."""
    if profile.min_age is None:
        return []
    return [
        Exclusion(Reason.AGE_UNKNOWN, F.col("age").isNull(), of_patient(Role.BIRTH)),
        Exclusion(Reason.UNDER.at(profile.min_age), F.col("age") < profile.min_age, of_patient(Role.BIRTH)),
    ]


def lacks_dates() -> Column:
    """True for a stay that is over but whose start or end is missing or less precise than a day."""
    return ~F.col("is_open") & (F.col("admission_date").isNull() | F.col("discharge_date").isNull())


def ends_before_start() -> Column:
    """True where the end lies before the start.

    As instants where both have a time of day (as text a DST change would mislead), else as dates.
    """
    by_instant = F.col("discharge_at") < F.col("admission_at")
    by_date = F.col("discharge_date") < F.col("admission_date")
    return F.when(F.col("has_times"), by_instant).otherwise(by_date)


def not_acute() -> Exclusion:
    """Rehabilitation, skilled nursing and psychiatric units (NONAC) are no acute stays (MEASURES 0.1.1)."""
    return Exclusion(Reason.NOT_ACUTE, ~F.col("is_acute"), of_stay())


def too_long(profile: Profile) -> list[Exclusion]:
    """The eCQMs count stays of less than 365 days only (0.5)."""
    if profile.max_days is None:
        return []
    reason = Reason.TOO_LONG.at(profile.max_days + 1)
    length = days_between(F.col("admission_date"), F.col("discharge_date"))
    return [Exclusion(reason, length > profile.max_days, of_stay())]


def too_old_for_mortality(profile: Profile) -> list[Exclusion]:
    """CMS844 counts ages up to 94 (0.5)."""
    if profile.max_age_mortality is None:
        return []
    limit = profile.max_age_mortality
    return [Exclusion(Reason.OVER.at(limit), F.col("age") > limit, of_patient(Role.BIRTH))]
