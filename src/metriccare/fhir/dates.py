"""FHIR date and dateTime of any precision, as hospital-local calendar dates and as instants.

Days are counted on calendar dates in the hospital's zone: the configured zone, else the date as written, with its own
offset (MEASURES 0.2.1). Nothing is padded: a year or a month is not a date (0.2.2).
"""

from pyspark.sql import Column
from pyspark.sql import functions as F

_DATE = r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
_CLOCK = r"([01]\d|2[0-3]):[0-5]\d(:([0-5]\d|60)(\.\d+)?)?"  # FHIR R4 also allows the leap second
_DAY = rf"^{_DATE}(T{_CLOCK}(Z|[+-]\d{{2}}:\d{{2}})?)?$"
_TIME = rf"^{_DATE}T{_CLOCK}"
_PARTIAL = r"^\d{4}(-(0[1-9]|1[0-2]))?$"
_OFFSET = r"(Z|[+-]\d{2}:\d{2})$"
_LEAP_SECOND = r"(T\d{2}:\d{2}):60"
_LAST_INSTANT = "9999-12-31 23:59:59"  # in UTC; readers of the tables support no later year
_LAST_DATE = "9999-12-31"

Zone = Column | str


def has_day(text: Column) -> Column:
    """True if the value is precise to the day or better."""
    return F.coalesce(text.rlike(_DAY), F.lit(False))


def has_time(text: Column) -> Column:
    """True if the value has a time of day."""
    return F.coalesce(text.rlike(_TIME), F.lit(False))


def is_partial(text: Column) -> Column:
    """True for a year or a month, which FHIR allows but which is not a day."""
    return F.coalesce(text.rlike(_PARTIAL), F.lit(False))


def is_unreadable(text: Column) -> Column:
    """True for a text that is not a FHIR date of any precision, or not a day of the calendar."""
    return text.isNotNull() & ~is_partial(text) & (~has_day(text) | instant(text).isNull())


def is_utc(text: Column) -> Column:
    """True if a time of day is written in UTC (`Z`), so that the hospital's date may differ."""
    return has_time(text) & text.endswith("Z")


def lacks_offset(text: Column) -> Column:
    """True if a time of day has no offset: invalid FHIR, read as the hospital's local time (MEASURES 0.2.3)."""
    return has_time(text) & ~text.rlike(_OFFSET)


def instant(text: Column, timezone: Zone = "") -> Column:
    """Return the timestamp of a value that is precise to the day; null for a year, a month or an invalid value.

    A value without offset is local to `timezone`, a name or a column of names (UTC if empty or null); a date is its
    local midnight.
    """
    moment = F.when(has_day(text), _moment(text))
    if isinstance(timezone, str) and not timezone:
        return moment
    local = F.to_utc_timestamp(moment, timezone)
    return F.when(text.rlike(_OFFSET) | _is_unknown(timezone), moment).otherwise(local)


def local_date(text: Column, timezone: Zone = "") -> Column:
    """Return the calendar date in the hospital's zone; null for a year, a month or an invalid value.

    If the zone, a name or a column of names, is empty or null, this is the date as written, whatever its offset.
    """
    written = F.when(has_day(text), F.substring(text, 1, 10).cast("date"))
    if isinstance(timezone, str) and not timezone:
        return written
    shifted = _no_later(F.from_utc_timestamp(_moment(text), timezone).cast("date"))
    is_shifted = has_time(text) & text.rlike(_OFFSET) & ~_is_unknown(timezone)
    return F.when(is_shifted, shifted).otherwise(written)


def days_after(date: Column, days: int) -> Column:
    """Return the date so many days later, at most the last possible date."""
    return _no_later(F.date_add(date, days))


def _no_later(date: Column) -> Column:
    return _at_most(date, F.lit(_LAST_DATE).cast("date"))


def _moment(text: Column) -> Column:
    """Read a leap second as the second before it, since Spark does not support leap seconds."""
    known = F.when(text.contains(":60"), F.regexp_replace(text, _LEAP_SECOND, "$1:59")).otherwise(text)
    return _at_most(known.cast("timestamp"), F.lit(_LAST_INSTANT).cast("timestamp"))


def _at_most(value: Column, limit: Column) -> Column:
    return F.when(value > limit, limit).otherwise(value)


def _is_unknown(timezone: Zone) -> Column:
    return F.lit(False) if isinstance(timezone, str) else timezone.isNull()
