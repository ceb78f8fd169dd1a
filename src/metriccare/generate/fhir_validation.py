"""Validates generated resources as FHIR R4, with the models of the independent library `fhir.resources` (R4B)."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from metriccare.errors import GeneratedDataError
from metriccare.generate.files import ALL_FOLDERS

SAMPLE, FILES_SAMPLED = 40, 8  # resources of each type, and the number of files they are taken from
_KINDS = {folder: kind for kind, folder in ALL_FOLDERS.items()}
_LATER = "delivery="
_FIRST = "delivery=00"
_REPORT_EVERY = 500
_MAX_ERRORS_SHOWN = 3
_REMEDY = (
    "If nothing else wrote to the folder, this is a bug in the generator: report it with the number of patients "
    "and the seed."
)

Progress = Callable[[int, int], None]


@dataclass
class Validated:
    """Counts of what was validated.

    Attributes:
        resources: valid resources by type, including deletions (Bundle).
        unreadable: lines of later deliveries that were damaged on purpose and are not JSON.
    """

    resources: Counter[str] = field(default_factory=Counter)
    unreadable: int = 0


def validate_sample(files: Sequence[Path]) -> Validated:
    """Validate up to 40 resources of each type, spread evenly over the files and within them.

    Args:
        files: the NDJSON files of a dataset, in order.

    Raises:
        GeneratedDataError: a resource is not valid; the message gives its type, id and error.
    """
    validated = Validated()
    for kind in dict.fromkeys(_kind(path) for path in files):
        of_kind = [path for path in files if _kind(path) == kind and path.stat().st_size]
        sampled = _spread(of_kind, FILES_SAMPLED)
        for path in sampled:
            for line in _lines_spread(path, SAMPLE // len(sampled)):
                _validate(path, line, validated)
    return validated


def validate_all(files: Sequence[Path], progress: Progress | None = None) -> Validated:
    """Validate every resource; about 5,000 per second on one core.

    Args:
        files: the NDJSON files of a dataset.
        progress: called from time to time with (bytes read, total bytes).

    Raises:
        GeneratedDataError: a resource is not valid; the message gives its type, id and error.
    """
    validated = Validated()
    total = sum(path.stat().st_size for path in files)
    read = 0
    for path in files:
        with path.open("rb") as file:
            for number, line in enumerate(file):
                _validate(path, line, validated)
                read += len(line)
                if progress and number % _REPORT_EVERY == 0:
                    progress(read, total)
    if progress:
        progress(read, total)
    return validated


def _validate(path: Path, line: bytes, validated: Validated) -> None:
    """Validate one line and count it."""
    try:
        resource = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        if not _may_be_damaged(path):
            raise GeneratedDataError(f"A line of {path} is not JSON ({error}). {_REMEDY}") from error
        validated.unreadable += 1
        return
    kind = resource.get("resourceType", "(no resourceType)")
    error_text = _validation_error(kind, resource)
    if error_text:
        name = f"{kind} {resource.get('id', '(no id)')}"
        raise GeneratedDataError(f"{name} in {path} is not valid FHIR R4: {error_text}. {_REMEDY}")
    validated.resources[kind] += 1


def _validation_error(kind: str, resource: dict[str, Any]) -> str:
    """Return the validation errors, e.g. `period.start: Input should be a valid datetime`; empty if there are none."""
    from fhir.resources.R4B import get_fhir_model_class
    from pydantic import ValidationError

    try:
        get_fhir_model_class(kind).model_validate(resource)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        shown = [f"{'.'.join(map(str, one['loc'])) or 'resource'}: {one['msg']}" for one in found]
        rest = [f"and {len(shown) - _MAX_ERRORS_SHOWN} more"] if len(shown) > _MAX_ERRORS_SHOWN else []
        return "; ".join(shown[:_MAX_ERRORS_SHOWN] + rest).removesuffix(".")
    except ValueError as error:  # there is no such model
        return str(error).removesuffix(".")
    return ""


def _kind(path: Path) -> str:
    return _KINDS[path.parent.name]


def _may_be_damaged(path: Path) -> bool:
    """Return whether a file belongs to a later delivery, in which some lines are damaged on purpose."""
    delivery = path.parent.parent.name
    return delivery.startswith(_LATER) and delivery != _FIRST


def _spread(items: Sequence[Any], most: int) -> list[Any]:
    """Return up to `most` evenly spaced items, including the first and the last."""
    if len(items) <= most:
        return list(items)
    return [items[at * (len(items) - 1) // (most - 1)] for at in range(most)]


def _lines_spread(path: Path, most: int) -> Iterator[bytes]:
    """Yield up to `most` different, evenly spaced lines, including the first, without reading the whole file."""
    size = path.stat().st_size
    with path.open("rb") as file:
        starts: set[int] = set()
        for part in range(most):
            file.seek(max(0, size * part // most - 1))
            if part:
                file.readline()  # skip the rest of the current line
            if file.tell() < size and file.tell() not in starts:
                starts.add(file.tell())
                yield file.readline()
