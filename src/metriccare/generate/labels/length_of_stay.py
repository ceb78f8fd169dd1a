"""Length of stay in three units, and census days."""

from metriccare.generate.dates import MINUTES_PER_DAY
from metriccare.generate.plan import Hours, StayPlan


def billing_days(stay: StayPlan) -> int:
    """Return the number of midnights, at least one, since a same-day stay is billed as a day."""
    return max(1, stay.nights)


def minutes(stay: StayPlan) -> int:
    """Return the elapsed time in minutes, also across clock changes."""
    clock = stay.hospital.clock
    second_pass = stay.hours is Hours.REPEATED_HOUR
    end = clock.instant(stay.discharge_day, stay.discharge_minute, second_pass)
    return end - clock.instant(stay.admission_day, stay.admission_minute)


def fractional_days(stay: StayPlan) -> float:
    """Return the elapsed time in days of 24 hours."""
    return minutes(stay) / MINUTES_PER_DAY


def census_end(stay: StayPlan, end: int) -> int:
    """Return the first day on which the census no longer counts the patient: discharge, `end` at the latest."""
    return end if stay.open else min(stay.discharge_day, end)
