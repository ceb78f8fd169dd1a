"""Validates values that a user enters; an invalid value raises an error with an example of a valid one."""

from datetime import date
from functools import cache
from zoneinfo import available_timezones

from metriccare.errors import ParameterError


def check_as_of(value: str) -> str:
    """Return a date, which may be empty.

    Raises:
        ParameterError: it is neither empty nor a date.
    """
    try:
        return date.fromisoformat(value).isoformat() if value else ""
    except ValueError as error:
        raise ParameterError(f"{value!r} is not a date; use YYYY-MM-DD, e.g. 2025-06-30.") from error


def check_share(value: float) -> float:
    """Return a share.

    Raises:
        ParameterError: it is not from 0 to 1.
    """
    if not 0 <= value <= 1:
        raise ParameterError(
            f"max_quarantined is {value!r}, but must be a share from 0 to 1, e.g. 0.05 for 5 %."
        )
    return value


def check_timezone(value: str) -> str:
    """Return the name of a time zone, which may be empty.

    Raises:
        ParameterError: it is neither empty nor an IANA time zone. Some machines have further files beside the zones,
            such as their own (`localtime`): that name would be another zone, or none, elsewhere.
    """
    if value and value not in _zones():
        raise ParameterError(f"{value!r} is not a time zone; use an IANA name, e.g. Europe/Berlin.")
    return value


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones() - {"localtime"})
