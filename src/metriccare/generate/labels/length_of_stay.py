"""Length of stay in its three units, and the days at which a census finds the patient in hospital."""

from metriccare.generate.dates import MINUTES_PER_DAY
from metriccare.generate.plan import Hours, StayPlan


def billing_days(stay: StayPlan) -> int:
    """Return midnights, at least one: a same-day stay is billed as a day."""
    return max(1, stay.nights)


def minutes(stay: StayPlan) -> int:
    """Return the real duration in minutes, whatever the clocks did in between."""
    clock = stay.hospital.clock
    second_pass = stay.hours is Hours.REPEATED_HOUR
    end = clock.instant(stay.discharge_day, stay.discharge_minute, second_pass)
    return end - clock.instant(stay.admission_day, stay.admission_minute)


def fractional_days(stay: StayPlan) -> float:
    """Return the real duration in days of 24 hours."""
    return minutes(stay) / MINUTES_PER_DAY


def census_end(stay: StayPlan, end: int) -> int:
    """Return the first day on which the census no longer counts the patient: discharge, at most `end`."""
    return end if stay.open else min(stay.discharge_day, end)
