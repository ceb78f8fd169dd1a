"""Breakdown of the time of `metriccare run`: the seconds of each cell, from the executed notebooks."""

import json
import re
from pathlib import Path
from typing import Any

REST = "start of Python, Spark and kernels"
CALL = re.compile(r"(?:[\w.]+\.)?(\w+)\(")
IMPORTS = ("from ", "import ", "#", "%")


def newest_run(lake: Path) -> Path:
    """Return the folder of the latest run; the names sort by time."""
    return max((lake / "runs").iterdir())


def cell_seconds(run: Path) -> dict[str, float]:
    """Return the seconds of each code cell as `<notebook> <its first call>`, in the order of the cells."""
    found: dict[str, float] = {}
    for path in sorted(run.glob("*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            seconds = cell["metadata"].get("papermill", {}).get("duration")
            if cell["cell_type"] == "code" and seconds is not None:
                name = f"{path.stem} {_called(cell)}"
                found[name] = round(found.get(name, 0.0) + seconds, 3)
    return found


def _called(cell: dict[str, Any]) -> str:
    lines = "".join(cell["source"]).splitlines()
    calls = (CALL.search(line) for line in lines if not line.startswith(IMPORTS))
    return next((call[1] for call in calls if call), "parameters")


def work_seconds(lake: Path) -> float:
    """Return the total seconds of the cells of the latest run."""
    return sum(cell_seconds(newest_run(lake)).values())


def breakdown(lake: Path, wall_s: float, least: float = 0.01) -> dict[str, float]:
    """Return the parts of a run, the longest first, without those below a share (`least`) of the run."""
    cells = cell_seconds(newest_run(lake))
    parts = {**cells, REST: round(wall_s - sum(cells.values()), 3)}
    shown = {name: seconds for name, seconds in parts.items() if seconds >= least * wall_s}
    return dict(sorted(shown.items(), key=lambda part: -part[1]))
