"""The three ways to count the days of a stay (MEASURES 4.2 to 4.4); deaths and non-acute stays are included."""

from collections.abc import Sequence

from pyspark.sql import Column
from pyspark.sql import functions as F

from metriccare.measures.calendar import days_between
from metriccare.measures.clause import Exclusion, decision
from metriccare.measures.cohort import common_exclusions
from metriccare.measures.profile import Profile

SECONDS_PER_DAY = 86_400


def midnights() -> Column:
    """Return the difference in calendar days; a same-day stay has 0."""
    return days_between(F.col("admission_date"), F.col("discharge_date"))


def billing_days() -> Column:
    """Return midnights, but at least 1: Medicare counts a same-day stay as one day."""
    return F.greatest(F.lit(1), midnights())


def fractional_days() -> Column:
    """Return the hours between the instants of admission and discharge, in days."""
    seconds = F.unix_timestamp("discharge_at") - F.unix_timestamp("admission_at")
    return seconds / F.lit(SECONDS_PER_DAY)


def length_of_stay_midnights(profile: Profile) -> Column:
    """Decide one stay by midnights."""
    return _decide(profile, midnights())


def length_of_stay_billing(profile: Profile) -> Column:
    """Decide one stay by billing days, the default for "CMS ALOS"."""
    return _decide(profile, billing_days())


def length_of_stay_fractional(profile: Profile) -> Column:
    """Decide one stay by elapsed time; without times of day there is none."""
    return _decide(profile, fractional_days(), [Exclusion("times_unknown", ~F.col("has_times"))])


def _decide(profile: Profile, days: Column, own: Sequence[Exclusion] = ()) -> Column:
    return decision(
        common_exclusions(profile),
        own,
        numerator=F.lit(True),
        value=days,
        matures_on=F.col("discharge_date"),
        event_on=F.col("discharge_date"),
    )
