"""Copies of the notebooks for an account: with its locations as parameters, and the Glue kernel chosen."""

from collections.abc import Mapping
from pathlib import Path

import nbformat
import papermill
from papermill.parameterize import parameterize_notebook

from metriccare.errors import NotebookError
from metriccare.runtime.notebooks.kernels import GLUE
from metriccare.settings import NOTEBOOKS, notebook

KERNEL = {"name": GLUE, "display_name": "Glue PySpark", "language": "python"}


def prepare_notebooks(folder: Path, locations: Mapping[str, str]) -> list[Path]:
    """Copy the notebooks that read or write a lake; return the new copies. A file that is there is never overwritten.

    The copies stay out of Git: the committed notebooks name no account.

    Raises:
        NotebookError: they can't be written.
    """
    try:
        folder.mkdir(exist_ok=True)
        (folder / ".gitignore").write_text("*\n", encoding="utf-8")
        return [new for name in NOTEBOOKS if (new := _copied(notebook(name), folder, locations))]
    except OSError as error:
        raise NotebookError(
            f"The notebooks can't be written to {folder} ({error.strerror}): run this in a writable folder."
        ) from error


def _copied(source: Path, folder: Path, locations: Mapping[str, str]) -> Path | None:
    """Write the copy of a notebook, unless there is one or the notebook has no lake."""
    target, taken = folder / source.name, papermill.inspect_notebook(source)
    if target.exists() or "lake" not in taken:
        return None
    given = {name: value for name, value in locations.items() if name in taken}
    made = parameterize_notebook(
        papermill.iorw.load_notebook_node(str(source)), given, comment="The account's locations"
    )
    made.metadata.kernelspec = KERNEL
    nbformat.write(made, target)  # type: ignore[no-untyped-call]
    return target
