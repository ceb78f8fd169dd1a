"""What parameters a notebook takes, and whether given ones fit: asked before anything runs.

papermill itself only warns about an unknown parameter and runs on with the default.
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
        raise NotebookError(
            f"There is no notebook {notebook}; run this in the project's folder, which holds `notebooks/`."
        )
    cells = nbformat.read(notebook, as_version=4).cells  # type: ignore[no-untyped-call]
    tagged = [cell for cell in cells if "parameters" in cell.metadata.get("tags", [])]
    translator = papermill_translators.find_translator("python3", "python")
    return {p.name: p.inferred_type_name for cell in tagged for p in translator.inspect(cell)}


def check_parameters(notebook: Path, given: Mapping[str, object]) -> None:
    """Refuse what the notebook does not take.

    Raises:
        ParameterError: a name is unknown or a value has another type than annotated.
    """
    takes = notebook_parameters(notebook)
    listing = ", ".join(f"{name}: {kind}" for name, kind in takes.items()) or "none"
    for name, value in given.items():
        if name not in takes:
            raise ParameterError(f"{notebook.stem} has no parameter {name}; it takes {listing}.")
        if not _fits(value, takes[name]):
            raise ParameterError(f"{notebook.stem} takes {name} as {takes[name]}, not {value!r}.")


def plain(value: object) -> Any:
    """Return a value as a notebook can be handed it: dates as ISO text, tuples as lists.

    papermill writes it into a cell and into the notebook's metadata, which is JSON.

    Raises:
        ParameterError: it is, or holds, something else than text, numbers, truth values, None, lists and dictionaries.
    """
    if value is None or isinstance(value, (str, int, float)):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if isinstance(value, dict) and all(isinstance(name, str) for name in value):
        return {name: plain(one) for name, one in value.items()}
    raise ParameterError(
        f"A notebook can't be handed {value!r}: give text, numbers, dates, None, or lists and dictionaries of them."
    )


def _fits(value: object, kind: str) -> bool:
    if isinstance(value, bool):  # a bool is an int to Python
        return kind not in _TYPES or kind == "bool"
    return kind not in _TYPES or isinstance(value, _TYPES[kind])
