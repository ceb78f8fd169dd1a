"""The real Glue kernel at a test's endpoint."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat
import pytest
from tests.runtime.glue_sessions.endpoint import Glue, glue, kernel_environment

GLUE = "glue_pyspark"


@contextmanager
def kernel_at_endpoint(folder: Path, **options: Any) -> Iterator[Glue]:
    """Serve sessions with these options; Jupyter's Glue kernel and this process's runner find them."""
    with glue(**options) as served, pytest.MonkeyPatch.context() as patch:
        for name, value in kernel_environment(served.endpoint, folder).items():
            patch.setenv(name, value)
        yield served


def states(served: Glue) -> list[str]:
    """Return the status of every session, the oldest first."""
    return [session["Status"] for session in served.client.list_sessions()["Sessions"]]


def code_cells(path: Path) -> list[Any]:
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]


def said(cell: Any) -> str:
    """Return what a cell put out as text, on whichever kernel."""
    return "".join(
        output.get("text") or output.get("data", {}).get("text/plain", "") for output in cell.outputs
    )
