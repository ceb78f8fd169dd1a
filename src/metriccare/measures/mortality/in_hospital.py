"""In-hospital mortality (MEASURES 2.1)."""

from pyspark.sql import Column
from pyspark.sql import functions as F

from metriccare.measures.clause import Exclusion, decision
from metriccare.measures.cohort import common_exclusions, not_acute
from metriccare.measures.profile import Profile
from metriccare.measures.transfer import is_last_leg, leaves_to_acute_care


def mortality_in_hospital(profile: Profile) -> Column:
    """Decide one stay; matures on the day of discharge.

    AHRQ IQI/PSI take out transfers to acute care: the outcome is seen elsewhere.
    """
    return decision(
        common_exclusions(profile),
        exclusions(),
        numerator=F.col("died_in_hospital"),
        value=F.col("died_in_hospital").cast("int"),
        matures_on=F.col("discharge_date"),
        event_on=F.col("discharge_date"),
    )


def exclusions() -> list[Exclusion]:
    """Return the measure's own clauses in order."""
    return [
        not_acute(),
        Exclusion("inconsistent_vital_status", F.col("is_vital_status_inconsistent")),
        Exclusion("transferred_out", ~is_last_leg() | leaves_to_acute_care()),
    ]
