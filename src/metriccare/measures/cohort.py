"""Who is in the initial population: the clauses that all measures share, in their order."""

from pyspark.sql import Column
from pyspark.sql import functions as F

from metriccare.measures.clause import Exclusion
from metriccare.measures.profile import Profile


def common_exclusions(profile: Profile) -> list[Exclusion]:
    """Return the clauses of MEASURES 0.1.5 (finished), 0.1.6 and 0.2.2 (dates) and 0.5 (age)."""
    return [
        Exclusion("patient_unknown", ~F.col("is_patient_known")),
        Exclusion("not_finished", F.col("is_open")),
        Exclusion("dates_unusable", lacks_dates()),
        Exclusion("end_before_start", ends_before_start()),
        Exclusion("age_unknown", F.col("age").isNull()),
        Exclusion(profile.too_young, F.col("age") < profile.min_age),
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
    return Exclusion("not_acute", ~F.col("is_acute"))
