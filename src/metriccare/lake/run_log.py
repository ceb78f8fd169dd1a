"""The completed runs of a lake: the rows of `gold.run`."""

from typing import Any

from metriccare.definitions.tables import RUN
from metriccare.errors import LakeError
from metriccare.lake.reader import read_table
from metriccare.settings import Lake

Row = dict[str, Any]


def newest_run(lake: Lake) -> Row:
    """Return the row of `gold.run` that was written last.

    Raises:
        LakeError: nothing has run in this lake yet.
    """
    runs = read_table(lake, RUN).to_pylist(maps_as_pydicts="strict")
    if not runs:
        raise LakeError(f"No run has finished in {lake.root} yet: run `metriccare run` first.")
    return max(runs, key=lambda run: run["run_at"])
