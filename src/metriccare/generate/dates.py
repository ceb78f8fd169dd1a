"""Days and local time: a day is a proleptic Gregorian ordinal (`date.toordinal`), a minute counts from midnight.

Converting each value with `zoneinfo` would cost more than rendering the rest of a resource, so the texts of days,
minutes and offsets are looked up in precomputed tables.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

MINUTES_PER_DAY = 1440
_FIRST_DAY = date(1900, 1, 1).toordinal()
_LAST_DAY = date(2099, 12, 31).toordinal()
_DAYS = [date.fromordinal(day).isoformat() for day in range(_FIRST_DAY, _LAST_DAY + 1)]
_MINUTES = [f"T{minute // 60:02}:{minute % 60:02}:00" for minute in range(MINUTES_PER_DAY)]
_BEFORE_CHANGE = 120


def iso(day: int) -> str:
    """Return a day as a FHIR date, `YYYY-MM-DD`."""
    return _DAYS[day - _FIRST_DAY]


def year_of(day: int) -> int:
    """Return the calendar year of a day."""
    return int(_DAYS[day - _FIRST_DAY][:4])


def birthday(born: int, age: int) -> int:
    """Return the day on which someone born on day `born` completes `age` years (never 29 February)."""
    birth = date.fromordinal(born)
    return date(birth.year + age, birth.month, birth.day).toordinal()


@dataclass(frozen=True)
class Window:
    """The study window, both days inclusive: nothing happens before `start`, nothing is known after `end`."""

    start: int
    end: int

    @classmethod
    def of(cls, start: date, end: date) -> "Window":
        """Return the window between two dates."""
        return cls(start.toordinal(), end.toordinal())


class Clock:
    """Local time of one time zone, with its real UTC offsets before and after each clock change."""

    def __init__(self, zone: str) -> None:
        self._early: dict[int, int] = {}
        self._late: dict[int, int] = {}
        self._zone = ZoneInfo(zone)
        self._texts: dict[int, str] = {}

    def _offset(self, day: int, minute: int, second_pass: bool) -> int:
        """Return the UTC offset in minutes; US zones change it between 01:00 and 03:00."""
        early = minute < _BEFORE_CHANGE and not second_pass
        table = self._early if early else self._late
        offset = table.get(day)
        if offset is None:
            offset = table[day] = self._look_up(day, hours=0 if early else 12)
        return offset

    def _look_up(self, day: int, hours: int) -> int:
        local = datetime.combine(date.fromordinal(day), datetime.min.time(), self._zone).replace(hour=hours)
        offset = local.utcoffset() or timedelta()
        minutes = int(offset.total_seconds()) // 60
        self._texts[minutes] = f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
        return minutes

    def text(self, day: int, minute: int, second_pass: bool = False) -> str:
        """Return a FHIR dateTime with the local offset; `second_pass`: the second occurrence of a repeated hour."""
        return (
            _DAYS[day - _FIRST_DAY] + _MINUTES[minute] + self._texts[self._offset(day, minute, second_pass)]
        )

    def instant(self, day: int, minute: int, second_pass: bool = False) -> int:
        """Return the same instant in minutes UTC, for durations."""
        return day * MINUTES_PER_DAY + minute - self._offset(day, minute, second_pass)


@cache
def clock(zone: str) -> Clock:
    """Return the shared clock of a zone."""
    return Clock(zone)


def clock_change(year: int, spring: bool) -> int:
    """Return the Sunday on which US clocks change: the second in March or the first in November."""
    first = date(year, 3, 8) if spring else date(year, 11, 1)
    return first.toordinal() + (6 - first.weekday()) % 7
