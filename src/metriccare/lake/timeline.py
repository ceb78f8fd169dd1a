"""The Hudi timeline of a table: its newest commit, the commit of a batch, the rows that came since one."""

import json
from collections.abc import Iterator
from typing import Any

from pyspark.sql import DataFrame, SparkSession

from metriccare.definitions.schemas.contract import select_known
from metriccare.definitions.tables import Table
from metriccare.lake.rollback import meta_client
from metriccare.lake.storage import has_table
from metriccare.lake.tables import COMMIT_META
from metriccare.settings import Lake


def head(spark: SparkSession, lake: Lake, table: Table) -> str:
    """Return the instant of the newest completed commit; empty for a table that has not been written."""
    if not has_table(lake, table):
        return ""
    newest = _commits(spark, lake, table).lastInstant()
    return str(newest.get().getTimestamp()) if newest.isPresent() else ""


def is_on_timeline(spark: SparkSession, lake: Lake, table: Table, instant: str) -> bool:
    """Tell whether a commit can still be read from: Hudi archives old ones, and a table may have been made anew."""
    return has_table(lake, table) and bool(_commits(spark, lake, table).containsInstant(instant))


def commit_of_batch(spark: SparkSession, lake: Lake, table: Table, batch_id: str) -> str | None:
    """Return the instant of the completed commit that carries the batch id, or None if it never completed."""
    if not has_table(lake, table):
        return None
    for instant, meta in _metadata(_commits(spark, lake, table)):
        if meta.get(f"{COMMIT_META}batch_id") == batch_id:
            return instant
    return None


def read_between(spark: SparkSession, lake: Lake, table: Table, after: str, until: str) -> DataFrame:
    """Return the rows of the commits after one instant up to another (included), without Hudi's own columns."""
    options = {
        "hoodie.datasource.query.type": "incremental",
        "hoodie.datasource.read.begin.instanttime": after,
        "hoodie.datasource.read.end.instanttime": until,
    }
    rows = spark.read.format("hudi").options(**options).load(table.path(lake.root))
    return select_known(rows, table.columns)


def read_until(spark: SparkSession, lake: Lake, table: Table, until: str, *, after: str = "") -> DataFrame:
    """Return the rows of the commits up to an instant (included): what a consumer has seen of the table.

    With `after` only those of the commits after that one, which need not be on the timeline any more.
    """
    rows = spark.read.format("hudi").load(table.path(lake.root))
    instant = rows["_hoodie_commit_time"]
    seen = rows.filter((instant > after) & (instant <= until))
    return select_known(seen, table.columns)


def _commits(spark: SparkSession, lake: Lake, table: Table) -> Any:
    """Return Hudi's timeline of the completed commits, the archived ones not included."""
    client = meta_client(spark, table.path(lake.root))
    return client.getActiveTimeline().getCommitsTimeline().filterCompletedInstants()


def _metadata(timeline: Any) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the instant and the extra metadata of each commit, the newest first."""
    for instant in reversed(list(timeline.getInstants())):
        details = bytes(timeline.getInstantDetails(instant).get())
        yield str(instant.getTimestamp()), json.loads(details).get("extraMetadata", {})
