"""The Hudi tables of a lake: how each is keyed, read and written. Layout chosen by measurement, see docs/decisions."""

import os
from collections.abc import Callable
from dataclasses import dataclass

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from metriccare.definitions import schemas
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


@dataclass(frozen=True)
class Table:
    """How one table is keyed and laid out.

    Attributes:
        ddl: its columns, as Spark DDL.
        key: the fields of the record key.
        partition: the partition field, or empty.
        buckets: file groups of an upserted table; 0 for one that is appended or replaced as a whole.
    """

    ddl: str
    key: tuple[str, ...]
    partition: str = ""
    buckets: int = 0


BUCKETS = 4  # for up to some millions of patients; docs/decisions/0003-table-layout.md says when to revisit

_STAY = ("source", "stay_id", "profile")
_RESULT = ("measure", "profile", "stratum", "stratum_value", "as_of")


def _upserted(ddl: str, *key: str) -> Table:
    return Table(ddl, key, buckets=BUCKETS)


def _resource(ddl: str) -> Table:
    return _upserted(ddl, "source", "id")


TABLES = {
    "bronze.record": Table(schemas.BRONZE_RECORD, ("file_version", "position"), partition="resource_type"),
    "silver.patient": _resource(schemas.SILVER_PATIENT),
    "silver.encounter": _resource(schemas.SILVER_ENCOUNTER),
    "silver.condition": _resource(schemas.SILVER_CONDITION),
    "silver.organization": _resource(schemas.SILVER_ORGANIZATION),
    "silver.stay": _upserted(schemas.SILVER_STAY, "source", "id"),
    "silver.patient_change": Table(schemas.SILVER_PATIENT_CHANGE, ("run_id", "id")),
    "gold.stay_measure": _upserted(schemas.GOLD_STAY_MEASURE, *_STAY),
    "gold.infection_event": _upserted(
        schemas.GOLD_INFECTION_EVENT, "source", "stay_id", "condition_id", "profile"
    ),
    "gold.patient_day": _upserted(schemas.GOLD_PATIENT_DAY, "source", "stay_id", "month"),
    "gold.measure_result": Table(schemas.GOLD_MEASURE_RESULT, _RESULT, partition="as_of"),
    "gold.measure_published": Table(schemas.GOLD_MEASURE_RESULT, _RESULT, partition="as_of"),
    "gold.coverage": Table(schemas.GOLD_COVERAGE, ("source", "resource", "field")),
    "gold.unmapped_code": Table(schemas.GOLD_UNMAPPED_CODE, ("source", "value_set", "system", "code")),
    "gold.run": Table(schemas.GOLD_RUN, ("run_id",)),
}


def exists(lake: Lake, layer: str, name: str) -> bool:
    """Tell whether a table has been written."""
    return has_table(lake, layer, name)


def read(spark: SparkSession, lake: Lake, layer: str, name: str) -> DataFrame:
    """Return the current rows of a table, without Hudi's own columns; one that it lacks is null.

    Raises:
        LakeError: the table has not been written yet.
    """
    if not exists(lake, layer, name):
        raise LakeError(
            f"The lake {lake.root} has no table {layer}.{name} yet: run `metriccare run` first, "
            "or the notebook of the layer before this one."
        )
    rows = spark.read.format("hudi").load(lake.table(layer, name))
    return schemas.select_known(rows, TABLES[f"{layer}.{name}"].ddl)


def append(
    frame: DataFrame,
    lake: Lake,
    layer: str,
    name: str,
    run_id: str,
    *,
    batch_id: str = "",
    guard: Guard = _free,
) -> None:
    """Add rows in one commit that carries the run id and the batch id.

    Args:
        frame: the rows.
        lake: the lake.
        layer: of the table.
        name: of the table.
        run_id: the run that writes.
        batch_id: what `timeline.commit_of_batch` finds the commit by.
        guard: called right before the commit; raises where this process may not write any more.
    """
    _write(frame, lake, layer, name, "bulk_insert", {"run_id": run_id, "batch_id": batch_id}, guard)


def replace(
    frame: DataFrame, lake: Lake, layer: str, name: str, run_id: str, *, guard: Guard = _free
) -> None:
    """Make the rows the whole table, in one commit that carries the run id."""
    operation = "insert_overwrite_table" if exists(lake, layer, name) else "bulk_insert"
    _write(frame, lake, layer, name, operation, {"run_id": run_id}, guard)


def replace_partitions(
    frame: DataFrame, lake: Lake, layer: str, name: str, run_id: str, *, guard: Guard = _free
) -> None:
    """Make the rows the whole of the partitions they are in; the other partitions stay as they are."""
    _write(frame, lake, layer, name, "insert_overwrite", {"run_id": run_id}, guard)


def upsert(
    frame: DataFrame,
    lake: Lake,
    layer: str,
    name: str,
    run_id: str,
    *,
    gone: DataFrame | None = None,
    guard: Guard = _free,
) -> None:
    """Write rows over those with the same key, and take away others, in one commit that carries the run id.

    Args:
        frame: the rows, one per key.
        lake: the lake.
        layer: of the table.
        name: of the table.
        run_id: the run that writes.
        gone: rows of the table that are to go; those that `frame` has again stay.
        guard: called right before the commit; raises where this process may not write any more.
    """
    written = schemas.conform(frame, TABLES[f"{layer}.{name}"].ddl)
    if gone is not None:
        key = list(TABLES[f"{layer}.{name}"].key)
        written = written.localCheckpoint()  # used twice
        dead = schemas.conform(gone, TABLES[f"{layer}.{name}"].ddl).join(written, key, how="left_anti")
        written = written.withColumn(DELETED, F.lit(False)).unionByName(dead.withColumn(DELETED, F.lit(True)))
    _write(written, lake, layer, name, "upsert", {"run_id": run_id}, guard)


def _write(
    frame: DataFrame, lake: Lake, layer: str, name: str, operation: str, meta: dict[str, str], guard: Guard
) -> None:
    table = TABLES[f"{layer}.{name}"]
    noted = {f"{COMMIT_META}{key}": value for key, value in meta.items() if value}
    options = {**_options(table, layer, name), "hoodie.datasource.write.operation": operation, **noted}
    conformed = _with_mark(frame, table)
    guard()
    if exists(lake, layer, name):
        undo(frame.sparkSession, lake.table(layer, name), options)
    conformed.write.format("hudi").options(**options).mode("append").save(lake.table(layer, name))
    failed = failed_rows(frame.sparkSession, lake.table(layer, name))
    if failed:
        raise LakeError(
            f"{failed:,} rows of {layer}.{name} could not be written, so that the numbers must not be used: the log "
            "of Spark says why. Report this; nothing is lost in bronze."
        )


def _with_mark(frame: DataFrame, table: Table) -> DataFrame:
    """Conform to the schema; a row of an upserted table also says whether it is to go (Hudi wants it nullable)."""
    if not table.buckets:
        return schemas.conform(frame, table.ddl)
    marked = frame if DELETED in frame.columns else frame.withColumn(DELETED, F.lit(None))
    return schemas.conform(marked, f"{table.ddl}, {DELETED} BOOLEAN")


def _options(table: Table, layer: str, name: str) -> dict[str, str]:
    return {
        "hoodie.table.name": f"metriccare_{layer}_{name}",
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
        **_catalog(table, name),
    }


def _catalog(table: Table, name: str) -> dict[str, str]:
    """Return the options by which each commit also updates the Glue Catalog (or another Hive metastore)."""
    database = os.environ.get(CATALOG_VARIABLE)
    if not database:
        return {}
    sync = {
        "enable": "true",
        "mode": "hms",
        "use_jdbc": "false",
        "database": database,
        "table": name,
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
