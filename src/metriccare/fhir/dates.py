"""FHIR date and dateTime of any precision, as hospital-local calendar dates and as instants.

Day arithmetic is done on calendar dates in the hospital's zone: the configured one, else the date as it is
written, in the offset it carries (MEASURES 0.2.1). Nothing is padded: a year or a month is no date (0.2.2).
"""

from pyspark.sql import Column
from pyspark.sql import functions as F

_DAY = r"^\d{4}-\d{2}-\d{2}(T.*)?$"
_TIME = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}"
_OFFSET = r"(Z|[+-]\d{2}:\d{2})$"


def has_day(text: Column) -> Column:
    """True where the value is precise to the day or better."""
    return F.coalesce(text.rlike(_DAY), F.lit(False))


def has_time(text: Column) -> Column:
    """True where the value has a time of day."""
    return F.coalesce(text.rlike(_TIME), F.lit(False))


def lacks_offset(text: Column) -> Column:
    """True where a time of day has no offset: invalid FHIR, read as the hospital's local time (MEASURES 0.2.3)."""
    return has_time(text) & ~text.rlike(_OFFSET)


def instant(text: Column, timezone: str = "") -> Column:
    """Return the timestamp of a value that is precise to the day; null for a year, a month or nonsense.

    A value without offset is local to `timezone` (UTC if none is given); a date is its local midnight.
    """
    moment = F.when(has_day(text), text.cast("timestamp"))
    if not timezone:
        return moment
    return F.when(text.rlike(_OFFSET), moment).otherwise(F.to_utc_timestamp(moment, timezone))


def local_date(text: Column, timezone: str = "") -> Column:
    """Return the calendar date in the hospital's zone; null for a year, a month or nonsense.

    Without a configured zone that is the date as written, in whatever offset the value carries.
    """
    written = F.when(has_day(text), F.substring(text, 1, 10).cast("date"))
    if not timezone:
        return written
    shifted = F.from_utc_timestamp(text.cast("timestamp"), timezone).cast("date")
    return F.when(has_time(text) & text.rlike(_OFFSET), shifted).otherwise(written)
