"""Reads a notebook's parameters and checks given values against them, before anything runs.

papermill itself only warns about an unknown parameter and continues with the default.
"""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import nbformat
from papermill.translators import papermill_translators

from metriccare.errors import NotebookError, ParameterError

_TYPES: dict[str, tuple[type, ...]] = {"str": (str,), "int": (int,), "float": (int, float), "bool": (bool,)}


def notebook_parameters(notebook: Path) -> dict[str, str]:
    """Return the names and annotated types of the parameters in the cell tagged `parameters`.

    Raises:
        NotebookError: there is no such notebook.
    """
    if not notebook.is_file():
        raise NotebookError(f"There is no notebook {notebook}.")
    cells = nbformat.read(notebook, as_version=4).cells  # type: ignore[no-untyped-call]
    tagged = [cell for cell in cells if "parameters" in cell.metadata.get("tags", [])]
    translator = papermill_translators.find_translator("python3", "python")
    return {p.name: p.inferred_type_name for cell in tagged for p in translator.inspect(cell)}


def check_parameters(notebook: Path, given: Mapping[str, object]) -> None:
    """Check parameter names and values against the notebook's annotations.

    Raises:
        ParameterError: the notebook has no such parameter, or the value does not have the annotated type.
    """
    annotated = notebook_parameters(notebook)
    known = ", ".join(f"{name}: {kind}" for name, kind in annotated.items()) or "none"
    for name, value in given.items():
        if name not in annotated:
            raise ParameterError(f"{notebook.stem} has no parameter {name}; its parameters are {known}.")
        if not _has_type(value, annotated[name]):
            raise ParameterError(
                f"{notebook.stem}: parameter {name} must be {annotated[name]}, not {value!r}."
            )


def to_json_value(value: object) -> Any:
    """Return a parameter value as JSON can hold it: dates as ISO text, tuples as lists.

    papermill writes it into a cell and into the notebook's metadata, which is JSON.

    Raises:
        ParameterError: the value is or contains something other than text, numbers, booleans, dates, None, lists and
            dictionaries.
    """
    if value is None or isinstance(value, (str, int, float)):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return [to_json_value(one) for one in value]
    if isinstance(value, dict) and all(isinstance(name, str) for name in value):
        return {name: to_json_value(one) for name, one in value.items()}
    raise ParameterError(
        f"{value!r} can't be passed to a notebook; use text, numbers, dates, None, or lists and dictionaries of these."
    )


def _has_type(value: object, kind: str) -> bool:
    if isinstance(value, bool):  # in Python a bool is an int
        return kind not in _TYPES or kind == "bool"
    return kind not in _TYPES or isinstance(value, _TYPES[kind])
