"""Logs for operators: a constant message with fields, one JSON object a line where a machine reads them.

A module logs to `logging.getLogger(__name__)` and gives its fields as `extra`. Only `FIELDS` are written, and of an
error only its type and where it was raised: messages with arguments and the texts of errors may hold patient data, or
the name of a file that was named after a patient.

Whatever starts a process calls `configure`: the command line, a kernel, a job, the Lambda function. The environment
decides what it does, so child processes do the same:

- `METRICCARE_LOG`: `debug`, `info` or `warning`; nothing is logged if it is not set.
- `METRICCARE_LOG_FORMAT`: `text` (the default) or `json`.
- `METRICCARE_LOG_FILE`: a file to which every record from `info` on is appended as JSON; a run sets it for its
  notebooks.
"""

import json
import logging
import os
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from metriccare.errors import ParameterError
from metriccare.runtime.environment import temporary_environment

LEVEL_VARIABLE = "METRICCARE_LOG"
FORMAT_VARIABLE = "METRICCARE_LOG_FORMAT"
FILE_VARIABLE = "METRICCARE_LOG_FILE"
LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING}
FORMATS = ("text", "json")
FIELDS = (
    "run",
    "stage",
    "table",
    "operation",
    "notebook",
    "batch",
    "reason",
    "status",
    "files",
    "records",
    "rows",
    "quarantined",
    "stays",
    "results",
    "bytes",
    "failed",
    "gone",
    "waiting",
    "seconds",
    "attempt",
    "message_id",
    "host",
    "pid",
    "error",
)
Fields = dict[str, Any]

_root = logging.getLogger("metriccare")
_context: Fields = {}
_handlers: list[logging.Handler] = []


def set_context(**fields: str) -> None:
    """Add fields to every later record of this process that lacks them, e.g. `run` and `stage`; empty ones go."""
    _context.update(fields)


def configure(stream: TextIO | None = None) -> None:
    """Send the package's records where the environment says, instead of where an earlier call sent them.

    Args:
        stream: instead of standard error.

    Raises:
        ParameterError: a variable has a value that it can't have, or its file can't be written.
    """
    level, form = _one_of(LEVEL_VARIABLE, LEVELS), _one_of(FORMAT_VARIABLE, FORMATS)
    while _handlers:
        _remove(_handlers[-1])
    if level:
        shown = logging.StreamHandler(stream or sys.stderr)
        _add(shown, LEVELS[level], JsonFormatter() if form == "json" else TextFormatter())
    if os.environ.get(FILE_VARIABLE):
        _add_file(Path(os.environ[FILE_VARIABLE]))


def configure_for_machines() -> None:
    """Write JSON lines from `info` on to standard error, unless the environment says otherwise: for jobs on AWS."""
    os.environ.setdefault(LEVEL_VARIABLE, "info")
    os.environ.setdefault(FORMAT_VARIABLE, "json")
    configure()


@contextmanager
def kept_in(path: Path) -> Iterator[None]:
    """Also append the records of this process, and of those that it starts meanwhile, to a file."""
    handler = _add_file(path)
    try:
        with temporary_environment(**{FILE_VARIABLE: str(path)}):
            yield
    finally:
        _remove(handler)


@contextmanager
def timed(log: logging.Logger, message: str, **fields: Any) -> Iterator[Fields]:
    """Log how a block ended and how long it took; as an error, with the type of the exception, if it failed.

    Args:
        log: the module's logger.
        message: constant; what is done, e.g. `write table`.
        fields: some of `FIELDS`; the block may add others to those that it is given.
    """
    started = time.monotonic()
    try:
        yield fields
    except BaseException as error:
        ended = {"status": "failed", "error": error_name(error), "seconds": _since(started)}
        log.error(message, extra=fields | ended)
        raise
    log.info(message, extra=fields | {"status": "succeeded", "seconds": _since(started)})


def _since(started: float) -> float:
    return round(time.monotonic() - started, 3)


def error_name(error: BaseException) -> str:
    """Return the type of an error; never its text."""
    return type(error).__name__


class JsonFormatter(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as JSON; unknown fields and the texts of errors are left out."""
        return json.dumps(
            {
                "time": _instant(record, "milliseconds"),
                "level": record.levelname.lower(),
                "logger": record.name,
                "message": record.msg,
                **fields_of(record),
            },
            default=str,
        )


class TextFormatter(logging.Formatter):
    """For a person at a terminal: `21:04:05 info table written table=silver.stay rows=12`."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as a line; unknown fields and the texts of errors are left out."""
        shown = " ".join(f"{name}={value}" for name, value in fields_of(record).items())
        return (
            f"{_instant(record, 'seconds')[11:19]} {record.levelname.lower()} {record.msg} {shown}".rstrip()
        )


def fields_of(record: logging.LogRecord) -> Fields:
    """Return the fields of a record that may be written, in the order of `FIELDS`."""
    given = _context | vars(record) | _of_exception(record)
    return {name: given[name] for name in FIELDS if given.get(name) not in (None, "")}


def _of_exception(record: logging.LogRecord) -> Fields:
    """Return the type of the exception and the innermost place where it was raised."""
    if not record.exc_info or record.exc_info[1] is None:
        return {}
    error = record.exc_info[1]
    frames = traceback.extract_tb(error.__traceback__)
    where = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return {"error": f"{error_name(error)}{where}"}


def _instant(record: logging.LogRecord, precision: str) -> str:
    stamp = datetime.fromtimestamp(record.created, UTC)
    return stamp.isoformat(timespec=precision).replace("+00:00", "Z")


def _add(handler: logging.Handler, level: int, formatter: logging.Formatter) -> None:
    handler.setLevel(level)
    handler.setFormatter(formatter)
    _handlers.append(handler)
    _root.addHandler(handler)
    _adjust()


def _add_file(path: Path) -> logging.Handler:
    try:
        handler = logging.FileHandler(path, encoding="utf-8")
    except OSError as error:
        raise ParameterError(
            f"{FILE_VARIABLE} names {path}, which can't be written ({error.strerror}): name another file, or unset it."
        ) from error
    level = LEVELS.get(os.environ.get(LEVEL_VARIABLE, "").lower(), logging.INFO)
    _add(handler, min(level, logging.INFO), JsonFormatter())
    return handler


def _remove(handler: logging.Handler) -> None:
    _root.removeHandler(handler)
    _handlers.remove(handler)
    if isinstance(handler, logging.FileHandler):
        handler.close()
    _adjust()


def _adjust() -> None:
    """Let through what a handler takes, and keep it from the handlers of others, which would write texts of errors."""
    _root.setLevel(min((one.level for one in _handlers), default=logging.NOTSET))
    _root.propagate = not _handlers


def _one_of(variable: str, allowed: Any) -> str:
    value = os.environ.get(variable, "").lower()
    if value and value not in allowed:
        raise ParameterError(f"{variable} is {value!r}: it can be {', '.join(allowed)}, or not set.")
    return value
