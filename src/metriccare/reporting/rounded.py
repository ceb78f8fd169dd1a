"""Counts of a real lake for people: rounded, so that no published number less one of them is a small cell."""

from typing import TYPE_CHECKING

import pyarrow.compute as pc

from metriccare.definitions.small_cells import LARGEST_SMALL, is_small
from metriccare.definitions.tables import PATIENT
from metriccare.lake.reader import read_table
from metriccare.settings import Lake

if TYPE_CHECKING:
    import pandas as pd

_STEP = 10


def rounded(count: int, *, exact: bool) -> str:
    """Return a count as text, such as `~1,050`, or `1-10` for a small one.

    Args:
        count: of patients, encounters or stays.
        exact: as it is, of a synthetic lake.
    """
    if exact or not count:
        return f"{count:,}"
    return f"1-{LARGEST_SMALL}" if is_small(count) else f"~{_STEP * round(count / _STEP):,}"


def rounded_column(frame: "pd.DataFrame", column: str, *, exact: bool) -> "pd.DataFrame":
    """Return a table for a notebook with the counts of a column as `rounded` tells them."""
    if exact:
        return frame
    return frame.assign(**{column: [rounded(int(count), exact=False) for count in frame[column]]})


def is_synthetic(lake: Lake) -> bool:
    """Return whether a lake has patients, all of them marked as test data; a deletion says nothing of them.

    Raises:
        LakeError: silver has not been written yet.
    """
    patients = read_table(lake, PATIENT, ["is_synthetic", "is_live"])
    marks = patients.filter(patients["is_live"])["is_synthetic"]
    return bool(len(marks) and pc.all(pc.fill_null(marks, False)).as_py())
