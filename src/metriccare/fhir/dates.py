"""FHIR date and dateTime of any precision, as hospital-local calendar dates and as instants.

Day arithmetic is done on calendar dates in the hospital's zone: the configured one, else the date as it is
written, in the offset it carries (MEASURES 0.2.1). Nothing is padded: a year or a month is no date (0.2.2).
"""

from pyspark.sql import Column
from pyspark.sql import functions as F

_DAY = r"^\d{4}-\d{2}-\d{2}(T.*)?$"
_TIME = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}"
_OFFSET = r"(Z|[+-]\d{2}:\d{2})$"

Zone = Column | str


def has_day(text: Column) -> Column:
    """True where the value is precise to the day or better."""
    return F.coalesce(text.rlike(_DAY), F.lit(False))


def has_time(text: Column) -> Column:
    """True where the value has a time of day."""
    return F.coalesce(text.rlike(_TIME), F.lit(False))


def is_utc(text: Column) -> Column:
    """True where a time of day is written in UTC (`Z`): the date may be another one at the hospital."""
    return has_time(text) & text.endswith("Z")


def lacks_offset(text: Column) -> Column:
    """True where a time of day has no offset: invalid FHIR, read as the hospital's local time (MEASURES 0.2.3)."""
    return has_time(text) & ~text.rlike(_OFFSET)


def instant(text: Column, timezone: Zone = "") -> Column:
    """Return the timestamp of a value that is precise to the day; null for a year, a month or nonsense.

    A value without offset is local to `timezone`, a name or a column of names (UTC where it is empty or null);
    a date is its local midnight.
    """
    moment = F.when(has_day(text), text.cast("timestamp"))
    if isinstance(timezone, str) and not timezone:
        return moment
    local = F.to_utc_timestamp(moment, timezone)
    return F.when(text.rlike(_OFFSET) | _is_unknown(timezone), moment).otherwise(local)


def local_date(text: Column, timezone: Zone = "") -> Column:
    """Return the calendar date in the hospital's zone; null for a year, a month or nonsense.

    Where the zone, a name or a column of names, is empty or null, that is the date as written, in whatever
    offset the value carries.
    """
    written = F.when(has_day(text), F.substring(text, 1, 10).cast("date"))
    if isinstance(timezone, str) and not timezone:
        return written
    shifted = F.from_utc_timestamp(text.cast("timestamp"), timezone).cast("date")
    is_shifted = has_time(text) & text.rlike(_OFFSET) & ~_is_unknown(timezone)
    return F.when(is_shifted, shifted).otherwise(written)


def _is_unknown(timezone: Zone) -> Column:
    return F.lit(False) if isinstance(timezone, str) else timezone.isNull()
