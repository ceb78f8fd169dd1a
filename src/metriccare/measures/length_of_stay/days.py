"""The ways to count the days of a stay (MEASURES 4.2 to 4.4, 4.7)."""

from pyspark.sql import Column
from pyspark.sql import functions as F

from metriccare.definitions.profiles import Profile
from metriccare.measures.calendar import days_between

SECONDS_PER_DAY = 86_400


def first_date(profile: Profile) -> Column:
    """Return the date the days begin on: the admission, or the emergency visit before it if the profile says so."""
    if profile.starts_in_emergency:
        return F.coalesce("emergency_start_date", "admission_date")
    return F.col("admission_date")


def first_instant(profile: Profile) -> Column:
    """Return the same as an instant."""
    if profile.starts_in_emergency:
        return F.coalesce("emergency_start_at", "admission_at")
    return F.col("admission_at")


def midnights(since: Column, until: str = "discharge_date") -> Column:
    """Return the difference in calendar days; a same-day stay has 0."""
    return days_between(since, F.col(until))


def billing_days(since: Column, until: str = "discharge_date") -> Column:
    """Return midnights, but at least 1: Medicare counts a same-day stay as one day."""
    return F.greatest(F.lit(1), midnights(since, until))


def fractional_days(since: Column) -> Column:
    """Return the hours between two instants, in days."""
    seconds = F.unix_timestamp("discharge_at") - F.unix_timestamp(since)
    return seconds / F.lit(SECONDS_PER_DAY)
