"""Runs the notebooks in a temporary lake with seeded data, and keeps the outputs that nbval compares (`make outputs`).

Usage: python -m tools.renew_outputs notebooks/*.ipynb
"""

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import nbformat

from metriccare.runtime.notebooks.execute import Step, run_notebooks
from tools.kept_outputs import as_kept, is_checked, places


def main(paths: list[str]) -> int:
    """Run the notebooks in this order and renew their kept outputs; return the exit status."""
    if not paths:
        print("There is no notebook to run; pass at least one file.", file=sys.stderr)
        return 2
    notebooks = [Path(path).resolve() for path in paths]
    with tempfile.TemporaryDirectory(prefix="metriccare-") as folder:
        os.environ.update(places(Path(folder)))
        executed = run_notebooks([Step(path) for path in notebooks], Path(folder) / "runs")
        for notebook, done in zip(notebooks, executed, strict=True):
            renew(notebook, done)
    return 0


def renew(notebook: Path, executed: Path) -> None:
    """Write the outputs of the checked cells of an executed notebook into the notebook; remove all others."""
    kept = _read(notebook)
    outputs = {cell.id: cell.outputs for cell in _read(executed).cells if cell.cell_type == "code"}
    for cell in kept.cells:
        if cell.cell_type == "code":
            cell.outputs = as_kept(outputs[cell.id]) if is_checked(cell) else []
    nbformat.write(kept, notebook)  # type: ignore[no-untyped-call]


def _read(path: Path) -> Any:
    return nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
