"""The Hudi tables of a lake: how they are read and written. Layout chosen by measurement, see docs/decisions."""

import os
from collections.abc import Callable

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from metriccare.definitions.schemas.contract import conform, select_known
from metriccare.definitions.tables import Table
from metriccare.errors import LakeError
from metriccare.lake.rollback import failed_rows, undo
from metriccare.lake.storage import has_table
from metriccare.settings import CATALOG_VARIABLE, Lake

COMMIT_META = "metriccare."
OVERWRITE = "org.apache.hudi.common.model.OverwriteWithLatestAvroPayload"
DELETED = "_hoodie_is_deleted"
PARTITIONED = "org.apache.hudi.keygen.ComplexKeyGenerator"
_EXTRACTORS = ("NonPartitionedExtractor", "MultiPartKeysValueExtractor")
NOT_PARTITIONED = "org.apache.hudi.keygen.NonpartitionedKeyGenerator"

Guard = Callable[[], None]


def _free() -> None:
    """Let everybody write: for tables that only this process knows."""


def read(spark: SparkSession, lake: Lake, table: Table) -> DataFrame:
    """Return the current rows of a table, without Hudi's own columns; one that it lacks is null.

    Raises:
        LakeError: the table has not been written yet.
    """
    if not has_table(lake, table):
        raise LakeError(
            f"The lake {lake.root} has no table {table} yet: run `metriccare run` first, "
            "or the notebook of the layer before this one."
        )
    rows = spark.read.format("hudi").load(table.path(lake.root))
    return select_known(rows, table.columns)


def append(
    frame: DataFrame,
    lake: Lake,
    table: Table,
    run_id: str,
    *,
    batch_id: str = "",
    guard: Guard = _free,
) -> None:
    """Add rows in one commit that carries the run id and the batch id.

    Args:
        frame: the rows.
        lake: the lake.
        table: which.
        run_id: the run that writes.
        batch_id: what `timeline.commit_of_batch` finds the commit by.
        guard: called right before the commit; raises where this process may not write any more.
    """
    _write(frame, lake, table, "bulk_insert", {"run_id": run_id, "batch_id": batch_id}, guard)


def replace(frame: DataFrame, lake: Lake, table: Table, run_id: str, *, guard: Guard = _free) -> None:
    """Make the rows the whole table, in one commit that carries the run id."""
    operation = "insert_overwrite_table" if has_table(lake, table) else "bulk_insert"
    _write(frame, lake, table, operation, {"run_id": run_id}, guard)


def replace_partitions(
    frame: DataFrame, lake: Lake, table: Table, run_id: str, *, guard: Guard = _free
) -> None:
    """Make the rows the whole of the partitions they are in; the other partitions stay as they are."""
    _write(frame, lake, table, "insert_overwrite", {"run_id": run_id}, guard)


def upsert(
    frame: DataFrame,
    lake: Lake,
    table: Table,
    run_id: str,
    *,
    gone: DataFrame | None = None,
    guard: Guard = _free,
) -> None:
    """Write rows over those with the same key, and take away others, in one commit that carries the run id.

    Args:
        frame: the rows, one per key.
        lake: the lake.
        table: which.
        run_id: the run that writes.
        gone: rows of the table that are to go; those that `frame` has again stay.
        guard: called right before the commit; raises where this process may not write any more.
    """
    written = conform(frame, table.columns)
    if gone is not None:
        key = list(table.key)
        written = written.localCheckpoint()  # used twice
        dead = conform(gone, table.columns).join(written, key, how="left_anti")
        written = written.withColumn(DELETED, F.lit(False)).unionByName(dead.withColumn(DELETED, F.lit(True)))
    _write(written, lake, table, "upsert", {"run_id": run_id}, guard)


def _write(
    frame: DataFrame, lake: Lake, table: Table, operation: str, meta: dict[str, str], guard: Guard
) -> None:
    noted = {f"{COMMIT_META}{key}": value for key, value in meta.items() if value}
    options = {**_options(table), "hoodie.datasource.write.operation": operation, **noted}
    conformed = _with_mark(frame, table)
    guard()
    if has_table(lake, table):
        undo(frame.sparkSession, table.path(lake.root), options)
    conformed.write.format("hudi").options(**options).mode("append").save(table.path(lake.root))
    failed = failed_rows(frame.sparkSession, table.path(lake.root))
    if failed:
        raise LakeError(
            f"{failed:,} rows of {table} could not be written, so that the numbers must not be used: the log "
            "of Spark says why. Report this; nothing is lost in bronze."
        )


def _with_mark(frame: DataFrame, table: Table) -> DataFrame:
    """Conform to the schema; a row of an upserted table also says whether it is to go (Hudi wants it nullable)."""
    if not table.buckets:
        return conform(frame, table.columns)
    marked = frame if DELETED in frame.columns else frame.withColumn(DELETED, F.lit(None))
    return conform(marked, f"{table.columns}, {DELETED} BOOLEAN")


def _options(table: Table) -> dict[str, str]:
    return {
        "hoodie.table.name": f"metriccare_{table.layer}_{table.name}",
        "hoodie.datasource.write.recordkey.field": ",".join(table.key),
        "hoodie.datasource.write.partitionpath.field": table.partition,
        "hoodie.datasource.write.keygenerator.class": PARTITIONED if table.partition else NOT_PARTITIONED,
        "hoodie.datasource.write.hive_style_partitioning": "true",
        "hoodie.datasource.write.commitmeta.key.prefix": COMMIT_META,
        # The stage decides which version is the newest and writes one row per key; Hudi stores what it is given.
        "hoodie.datasource.write.payload.class": OVERWRITE,
        "hoodie.combine.before.upsert": "false",
        "hoodie.metadata.enable": "false",
        "hoodie.embed.timeline.server": "false",
        "hoodie.bulkinsert.shuffle.parallelism": "2",
        "hoodie.upsert.shuffle.parallelism": "2",
        **_layout(table),
        **_catalog(table),
    }


def _catalog(table: Table) -> dict[str, str]:
    """Return the options by which each commit also updates the Glue Catalog (or another Hive metastore)."""
    database = os.environ.get(CATALOG_VARIABLE)
    if not database:
        return {}
    sync = {
        "enable": "true",
        "mode": "hms",
        "use_jdbc": "false",
        "database": database,
        "table": table.name,
        "partition_fields": table.partition,
        "partition_extractor_class": f"org.apache.hudi.hive.{_EXTRACTORS[bool(table.partition)]}",
    }
    return {f"hoodie.datasource.hive_sync.{key}": value for key, value in sync.items()}


def _layout(table: Table) -> dict[str, str]:
    if not table.buckets:
        return {"hoodie.datasource.write.table.type": "COPY_ON_WRITE"}
    return {
        "hoodie.datasource.write.table.type": "MERGE_ON_READ",
        "hoodie.index.type": "BUCKET",
        "hoodie.bucket.index.num.buckets": str(table.buckets),
        "hoodie.compact.inline": "true",
        "hoodie.compact.inline.max.delta.commits": "5",
    }
