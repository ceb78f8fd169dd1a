"""Which admissions were planned, as far as diagnoses can tell (MEASURES 1.3)."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from metriccare.definitions.profiles import Profile
from metriccare.fhir.concepts import categories


def with_planned(stays: DataFrame) -> DataFrame:
    """Add to every stay what it would be as a readmission.

    Adds `index_categories` (what keeps it from being an index admission, 1.1.6), `is_planned` (its
    `is_planned_by_proxy` (admitted electively, and not for an infection) and `is_diagnosed` (the principal
    diagnosis is known; without one the planned status can't be told).
    """
    codings = F.coalesce("principal_codings", F.array())
    infected = F.size(categories(codings, "infection")) > 0
    return stays.withColumns(
        {
            "index_categories": categories(codings, "index_exclusion_diagnosis"),
            "is_diagnosed": F.size(codings) > 0,
            "is_planned": F.size(categories(codings, "planned_diagnosis")) > 0,
            "is_planned_by_proxy": F.col("is_elective") & ~infected,
        }
    )


def is_planned(profile: Profile, stay: Column) -> Column:
    """True where a stay (a struct with the columns above) is planned by the rules of the profile."""
    if profile.counts_planned_proxy:
        return stay["is_planned"] | stay["is_planned_by_proxy"]
    return stay["is_planned"]
