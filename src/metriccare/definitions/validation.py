"""Values a person types: each is returned in its plain form, or refused with an example of a good one."""

import re
from datetime import date
from zoneinfo import ZoneInfo

from metriccare.errors import ParameterError

_RUN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def check_run_id(value: str) -> str:
    """Return the value, which becomes the name of a folder.

    Raises:
        ParameterError: it holds other characters than letters, digits, dot, dash and underscore.
    """
    if value and not _RUN_ID.fullmatch(value):
        raise ParameterError(f"A run id is made of letters, digits, dots and dashes; {value!r} is not.")
    return value


def check_as_of(value: str) -> str:
    """Return the value, a date or empty.

    Raises:
        ParameterError: it is neither.
    """
    try:
        return date.fromisoformat(value).isoformat() if value else ""
    except ValueError as error:
        raise ParameterError(f"as_of is a date like 2025-06-30; {value!r} is none.") from error


def check_share(value: float) -> float:
    """Return the value, a share of a whole.

    Raises:
        ParameterError: it is not from 0 to 1.
    """
    if not 0 <= value <= 1:
        raise ParameterError(f"max_quarantined is a share from 0 to 1, e.g. 0.05 for 5 %; {value!r} is none.")
    return value


def check_timezone(value: str) -> str:
    """Return the value, the name of a time zone or empty.

    Raises:
        ParameterError: it is neither.
    """
    try:
        return ZoneInfo(value).key if value else ""
    except (KeyError, ValueError, OSError) as error:
        raise ParameterError(f"timezone is a name like Europe/Berlin; {value!r} is none.") from error
