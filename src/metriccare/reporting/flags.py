"""Counts of data-quality flags."""

from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from metriccare.definitions.tables import RESOURCES, STAY
from metriccare.lake.reader import read_table
from metriccare.reporting.coverage_counts import share_in_words
from metriccare.reporting.rounded import rounded_column
from metriccare.settings import Lake

FLAGS = "quality_flags"


class Row(NamedTuple):
    """How many rows of a table have a flag."""

    table: str
    flag: str
    rows: int
    share: float | str


def flag_table(lake: Lake, *, exact: bool) -> pd.DataFrame:
    """Count the flags of the silver tables.

    Args:
        lake: the lake.
        exact: show the counts as they are, of a synthetic lake; else rounded, and shares in words.

    Returns:
        One row per table and flag that occurs: `table`, `flag`, `rows`, `share` (of all rows of the table), the most
        frequent flag of each table first.

    Raises:
        LakeError: a silver table has not been written yet.
    """
    tables = {**{kind.lower(): table for kind, table in RESOURCES.items()}, "stay": STAY}
    counted = [_counted(name, read_table(lake, table, [FLAGS]), exact) for name, table in tables.items()]
    rows = sorted(chain.from_iterable(counted), key=lambda row: (row.table, -row.rows, row.flag))
    return rounded_column(pd.DataFrame(rows, columns=list(Row._fields)), "rows", exact=exact)


def _counted(name: str, rows: pa.Table, exact: bool) -> Iterator[Row]:
    for counted in pc.value_counts(pc.list_flatten(rows[FLAGS])):
        flag, count = counted["values"].as_py(), counted["counts"].as_py()
        share = round(count / rows.num_rows, 4) if exact else share_in_words(count, rows.num_rows)
        yield Row(name, flag, count, share)
