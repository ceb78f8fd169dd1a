"""Day arithmetic on hospital-local calendar dates (MEASURES 0.2.1)."""

from pyspark.sql import Column
from pyspark.sql import functions as F


def days_between(earlier: Column, later: Column) -> Column:
    """Return the difference in calendar days; the same day is 0."""
    return F.date_diff(later, earlier)
