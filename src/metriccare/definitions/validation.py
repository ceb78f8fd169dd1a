"""Validates values that a user enters; an invalid value raises an error with an example of a valid one."""

import re
from datetime import date
from zoneinfo import ZoneInfo

from metriccare.errors import ParameterError

_RUN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def check_run_id(value: str) -> str:
    """Return a run id, which becomes the name of a folder.

    Raises:
        ParameterError: it contains characters other than letters, digits, dot, dash and underscore.
    """
    if value and not _RUN_ID.fullmatch(value):
        raise ParameterError(
            f"{value!r} is not a run id; use letters, digits, dots, dashes and underscores, e.g. run-2025-06-30."
        )
    return value


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
        ParameterError: it is neither empty nor an IANA time zone.
    """
    try:
        return ZoneInfo(value).key if value else ""
    except (KeyError, ValueError, OSError) as error:
        raise ParameterError(
            f"{value!r} is not a time zone; use an IANA name, e.g. Europe/Berlin."
        ) from error
