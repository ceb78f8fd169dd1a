"""The Hudi tables of a lake, read and written with Spark. Their layout is docs/decisions/0003-table-layout.md."""

import logging
import os
from collections.abc import Callable
from dataclasses import dataclass

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from metriccare.definitions.schemas.contract import conform, select_known
from metriccare.definitions.tables import Table
from metriccare.engine.on_spark import to_frame
from metriccare.engine.schema import arrow_schema
from metriccare.errors import LakeError
from metriccare.lake.compaction import plan_compaction, run_compaction
from metriccare.lake.deleted import DELETED, Rows, with_deleted
from metriccare.lake.hudi_client import hudi_client
from metriccare.lake.recovery import recover
from metriccare.lake.storage import has_table
from metriccare.lake.timeline import (
    COMMIT_META,
    Commit,
    Timeline,
    commit_of_batch,
    latest_written,
    read_timeline,
)
from metriccare.runtime import logs
from metriccare.settings import CATALOG_VARIABLE, Lake

log = logging.getLogger(__name__)

OVERWRITE = "org.apache.hudi.common.model.OverwriteWithLatestAvroPayload"
PARTITIONED = "org.apache.hudi.keygen.ComplexKeyGenerator"
NOT_PARTITIONED = "org.apache.hudi.keygen.NonpartitionedKeyGenerator"
_EXTRACTORS = ("NonPartitionedExtractor", "MultiPartKeysValueExtractor")

Guard = Callable[[], None]


@dataclass(frozen=True)
class SparkLake:
    """A lake opened with a Spark session, for reading.

    Frames have the columns of the registry; a column that the files lack is null.

    Attributes:
        spark: the session.
        location: the lake.
    """

    spark: SparkSession
    location: Lake

    def has(self, table: Table) -> bool:
        """Tell whether a table has been written."""
        return has_table(self.location, table)

    def read(self, table: Table) -> DataFrame:
        """Return the current rows of a table.

        Raises:
            LakeError: the table has not been written yet.
        """
        if not self.has(table):
            raise LakeError(
                f"The lake {self.location.root} has no table {table} yet: run `metriccare run` first, "
                "or the notebook of the layer before this one."
            )
        return select_known(self._stored(table), table.columns)

    def read_until(self, table: Table, to_instant: str, *, from_instant: str = "") -> DataFrame:
        """Return the rows of the commits up to an instant (included): what a consumer has seen of the table.

        With `from_instant` only those of later commits; it need not be on the timeline any more.
        """
        rows = self._stored(table)
        instant = rows["_hoodie_commit_time"]
        return select_known(rows.filter((instant > from_instant) & (instant <= to_instant)), table.columns)

    def latest_commit(self, table: Table) -> str:
        """Return the instant of the latest completed commit; empty for a table that has not been written."""
        return self.timeline(table).latest

    def has_commit(self, table: Table, instant: str) -> bool:
        """Tell whether the table can still be read from a commit on."""
        return instant in self.timeline(table).commits

    def commit_of_batch(self, table: Table, batch_id: str) -> str | None:
        """Return the instant of the completed commit that carries the batch id, or None if it never completed."""
        return commit_of_batch(self.timeline(table), batch_id)

    def written(self, table: Table) -> Commit:
        """Return what the latest commit of a table has written."""
        return latest_written(self.timeline(table))

    def timeline(self, table: Table) -> Timeline:
        """Return the commits of a table as they are now."""
        return read_timeline(self.path(table))

    def path(self, table: Table) -> str:
        """Return the base path of a table."""
        return table.path(self.location.root)

    def _stored(self, table: Table) -> DataFrame:
        """Return rows with Hudi's own columns."""
        return self.spark.read.format("hudi").load(self.path(table))


def _unguarded() -> None:
    """Let every write pass: for tables that only this process knows."""


class TableWriter:
    """Writes tables of one lake for one run; every method is one commit, which carries the run id.

    Attributes:
        lake: the lake.
        run_id: the run that writes.
    """

    def __init__(self, lake: SparkLake, run_id: str, guard: Guard = _unguarded) -> None:
        """Make a writer.

        Args:
            lake: the lake.
            run_id: the run that writes.
            guard: called right before each commit; raises where this process may not write any more.
        """
        self.lake, self.run_id, self._guard = lake, run_id, guard

    def append(self, table: Table, rows: Rows, *, batch_id: str = "") -> None:
        """Add rows; `SparkLake.commit_of_batch` finds the commit by the batch id."""
        self._write(table, rows, "bulk_insert", batch_id)

    def replace(self, table: Table, rows: Rows) -> None:
        """Make the rows the whole table."""
        self._write(table, rows, "insert_overwrite_table" if self.lake.has(table) else "bulk_insert")

    def replace_partitions(self, table: Table, rows: Rows) -> None:
        """Make the rows the whole of the partitions they are in; the other partitions stay as they are."""
        self._write(table, rows, "insert_overwrite")

    def upsert(self, table: Table, rows: Rows, *, delete: Rows | None = None) -> None:
        """Write rows over those with the same key, and delete others.

        Args:
            table: which.
            rows: one per key; frames are made twice where there is something to delete.
            delete: keys of the table's rows that are deleted, unless `rows` has them.
        """
        self._write(table, rows if delete is None else with_deleted(rows, delete, table), "upsert")

    def compact(self, table: Table) -> None:
        """Write the rows of a table's log files into its Parquet files: what is read stays the same."""
        spark, options = self.lake.spark, _options(table)
        self._guard()
        with logs.timed(log, "compact table", table=str(table), run=self.run_id):
            recover(spark, self.lake.timeline(table), options)
            with hudi_client(spark, self.lake.path(table), options) as client:
                planned = plan_compaction(spark, client)
                if planned:
                    run_compaction(spark, client, planned)

    def _write(self, table: Table, rows: Rows, operation: str, batch_id: str = "") -> None:
        spark, path = self.lake.spark, self.lake.path(table)
        meta = {"run_id": self.run_id, "batch_id": batch_id}
        noted = {f"{COMMIT_META}{key}": value for key, value in meta.items() if value}
        options = {**_options(table), "hoodie.datasource.write.operation": operation, **noted}
        conformed = _conformed(spark, rows, table)
        self._guard()
        about = {"table": str(table), "operation": operation, "run": self.run_id}
        with logs.timed(log, "write table", **about) as fields:
            recover(spark, self.lake.timeline(table), options)
            conformed.write.format("hudi").options(**options).mode("append").save(path)
            commit = self.lake.written(table)
            counts = {"rows": commit.rows, "bytes": commit.size, "quarantined": commit.quarantined or None}
            fields.update(counts)
        if commit.failed:
            raise LakeError(
                f"{commit.failed:,} rows of {table} could not be written, so the numbers must not be used: Spark's log "
                "says why. Report this; nothing is lost in bronze."
            )


def _conformed(spark: SparkSession, rows: Rows, table: Table) -> DataFrame:
    """Conform to the schema; a row of an upserted table also says whether it is deleted (Hudi wants it nullable)."""
    columns = f"{table.columns}, {DELETED} BOOLEAN" if table.buckets else table.columns
    if isinstance(rows, pa.Table):
        if table.buckets and DELETED not in rows.column_names:
            rows = rows.append_column(DELETED, pa.nulls(rows.num_rows, pa.bool_()))
        return to_frame(spark, rows.select(arrow_schema(columns).names), columns)
    if table.buckets and DELETED not in rows.columns:
        rows = rows.withColumn(DELETED, F.lit(None))
    return conform(rows, columns)


def _options(table: Table) -> dict[str, str]:
    return {
        "hoodie.table.name": f"metriccare_{table.layer}_{table.name}",
        "hoodie.datasource.write.recordkey.field": ",".join(table.key),
        "hoodie.datasource.write.partitionpath.field": table.partition,
        "hoodie.datasource.write.keygenerator.class": PARTITIONED if table.partition else NOT_PARTITIONED,
        "hoodie.datasource.write.hive_style_partitioning": "true",
        "hoodie.datasource.write.commitmeta.key.prefix": COMMIT_META,
        # The stage decides which version is the latest and writes one row per key; Hudi stores what it is given.
        "hoodie.datasource.write.payload.class": OVERWRITE,
        "hoodie.combine.before.upsert": "false",
        "hoodie.parquet.compression.codec": "zstd",  # files no larger than gzip's, in half the time
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
        # One name per table, for its newest rows. By default a merge-on-read table gets three, and the one that ends in
        # _ro lacks up to four commits.
        "table.strategy": "RT",
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
        "hoodie.compact.inline": "false",  # metriccare.lake.compaction does it when the numbers are out
        "hoodie.compact.inline.max.delta.commits": "1",  # whenever it is asked to
    }
