"""Rows that are written to delete others: Hudi deletes the row of a key that is marked so."""

from typing import TypeAlias

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from metriccare.definitions.schemas.contract import conform
from metriccare.definitions.tables import Table

DELETED = "_hoodie_is_deleted"
Rows: TypeAlias = DataFrame | pa.Table
"""Rows of a frame of Spark, or of a table of this process."""


def with_deleted(rows: Rows, keys: Rows, table: Table) -> Rows:
    """Return the rows with the column `_hoodie_is_deleted`, and a marked row for each key that they do not have.

    Args:
        rows: one per key.
        keys: keys of the table's rows.
        table: which table.

    Raises:
        TypeError: one is a frame and the other is not.
    """
    if isinstance(rows, pa.Table) and isinstance(keys, pa.Table):
        return _of_tables(rows, keys, table)
    if isinstance(rows, DataFrame) and isinstance(keys, DataFrame):
        return _of_frames(rows, keys, table)
    raise TypeError("Rows and keys must both be frames, or both be tables.")


def _of_frames(rows: DataFrame, keys: DataFrame, table: Table) -> DataFrame:
    written = conform(rows, table.columns)
    there = F.broadcast(written.select(*table.key))
    gone = keys.select(*table.key).join(there, list(table.key), how="left_anti")
    marked = gone.withColumn(DELETED, F.lit(True))
    return written.withColumn(DELETED, F.lit(False)).unionByName(marked, allowMissingColumns=True)


def _of_tables(rows: pa.Table, keys: pa.Table, table: Table) -> pa.Table:
    key = list(table.key)
    gone = keys.select(key).join(rows.select(key), keys=key, join_type="left anti")
    return pa.concat_tables([_marked(rows, False), _marked(gone, True)], promote_options="default")


def _marked(rows: pa.Table, is_deleted: bool) -> pa.Table:
    return rows.append_column(DELETED, pa.array([is_deleted] * rows.num_rows, pa.bool_()))
