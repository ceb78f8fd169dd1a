"""The id of a run: it names a folder, so it is checked wherever a run begins."""

import re
import secrets
from datetime import UTC, datetime

from metriccare.errors import ParameterError

_RUN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def checked_run_id(given: str = "") -> str:
    """Return the id of a run: the given one, or a new one if that is empty.

    Raises:
        ParameterError: it has other characters than letters, digits, dots, dashes and underscores.
    """
    if given and not _RUN_ID.fullmatch(given):
        raise ParameterError(
            f"{given!r} is not a run id; use letters, digits, dots, dashes and underscores, e.g. run-2025-06-30."
        )
    return given or _new_run_id()


def _new_run_id() -> str:
    """Return an id that is unique and sorts by time."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(2)}"
