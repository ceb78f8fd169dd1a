"""The Hudi tables of a lake: all Hudi code is here. Layout chosen by measurement, see docs/decisions."""

from dataclasses import dataclass
from pathlib import Path

from pyspark.sql import DataFrame, SparkSession

from metriccare import schemas
from metriccare.errors import LakeError
from metriccare.settings import Lake

COMMIT_META = "metriccare."
PAYLOAD = "org.apache.hudi.common.model.DefaultHoodieRecordPayload"


@dataclass(frozen=True)
class Table:
    """How one table is keyed and laid out.

    Attributes:
        ddl: its columns, as Spark DDL.
        key: the fields of the record key.
        partition: the partition field, or empty.
        order: the ordering field; of two rows with one key the greater one stays.
        buckets: file groups of an upserted table; 0 for one that is appended or replaced as a whole.
    """

    ddl: str
    key: tuple[str, ...]
    partition: str = ""
    order: str = ""
    buckets: int = 0


_STAY = ("source", "stay_id", "profile")
_RESULT = ("measure", "profile", "stratum", "stratum_value", "as_of")

TABLES = {
    "bronze.record": Table(
        schemas.BRONZE_RECORD, ("file_version", "position"), partition="resource_type", order="received_at"
    ),
    "silver.patient": Table(schemas.SILVER_PATIENT, ("source", "id"), order="version_order"),
    "silver.encounter": Table(schemas.SILVER_ENCOUNTER, ("source", "id"), order="version_order"),
    "silver.condition": Table(schemas.SILVER_CONDITION, ("source", "id"), order="version_order"),
    "silver.organization": Table(schemas.SILVER_ORGANIZATION, ("source", "id"), order="version_order"),
    "silver.stay": Table(schemas.SILVER_STAY, ("source", "id")),
    "gold.stay_measure": Table(schemas.GOLD_STAY_MEASURE, _STAY),
    "gold.infection_event": Table(
        schemas.GOLD_INFECTION_EVENT, ("source", "stay_id", "condition_id", "profile")
    ),
    "gold.patient_day": Table(schemas.GOLD_PATIENT_DAY, ("source", "stay_id", "month")),
    "gold.measure_result": Table(schemas.GOLD_MEASURE_RESULT, _RESULT, partition="as_of"),
    "gold.measure_published": Table(schemas.GOLD_MEASURE_RESULT, _RESULT, partition="as_of"),
    "gold.run": Table(schemas.GOLD_RUN, ("run_id",)),
}


def exists(lake: Lake, layer: str, name: str) -> bool:
    """Tell whether a table has been written."""
    return (Path(lake.table(layer, name)) / ".hoodie" / "hoodie.properties").is_file()


def read(spark: SparkSession, lake: Lake, layer: str, name: str) -> DataFrame:
    """Return the current rows of a table, without Hudi's own columns.

    Raises:
        LakeError: the table has not been written yet.
    """
    if not exists(lake, layer, name):
        raise LakeError(
            f"The lake {lake.root} has no table {layer}.{name} yet: run `metriccare run` first, "
            "or the notebook of the layer before this one."
        )
    columns = schemas.struct_of(TABLES[f"{layer}.{name}"].ddl).names
    return spark.read.format("hudi").load(lake.table(layer, name)).select(*columns)


def distinct_values(spark: SparkSession, lake: Lake, layer: str, name: str, column: str) -> set[str]:
    """Return the values a column has; none if the table has not been written yet."""
    if not exists(lake, layer, name):
        return set()
    return {row[0] for row in read(spark, lake, layer, name).select(column).distinct().collect()}


def append(frame: DataFrame, lake: Lake, layer: str, name: str, run_id: str) -> None:
    """Add rows in one commit that carries the run id."""
    _write(frame, lake, layer, name, run_id, "bulk_insert")


def replace(frame: DataFrame, lake: Lake, layer: str, name: str, run_id: str) -> None:
    """Make the rows the whole table, in one commit that carries the run id."""
    operation = "insert_overwrite_table" if exists(lake, layer, name) else "bulk_insert"
    _write(frame, lake, layer, name, run_id, operation)


def replace_partitions(frame: DataFrame, lake: Lake, layer: str, name: str, run_id: str) -> None:
    """Make the rows the whole of the partitions they are in; the other partitions stay as they are."""
    _write(frame, lake, layer, name, run_id, "insert_overwrite")


def _write(frame: DataFrame, lake: Lake, layer: str, name: str, run_id: str, operation: str) -> None:
    table = TABLES[f"{layer}.{name}"]
    options = {**_options(table, layer, name), "hoodie.datasource.write.operation": operation}
    options[f"{COMMIT_META}run_id"] = run_id
    conformed = schemas.conform(frame, table.ddl)
    conformed.write.format("hudi").options(**options).mode("append").save(lake.table(layer, name))


def _options(table: Table, layer: str, name: str) -> dict[str, str]:
    keys = "Simple" if table.partition and len(table.key) == 1 else "Complex"
    return {
        "hoodie.table.name": f"metriccare_{layer}_{name}",
        "hoodie.datasource.write.table.type": "COPY_ON_WRITE",
        "hoodie.datasource.write.recordkey.field": ",".join(table.key),
        "hoodie.datasource.write.partitionpath.field": table.partition,
        "hoodie.datasource.write.keygenerator.class": "org.apache.hudi.keygen."
        + (f"{keys}KeyGenerator" if table.partition else "NonpartitionedKeyGenerator"),
        "hoodie.datasource.write.hive_style_partitioning": "true",
        "hoodie.datasource.write.precombine.field": table.order,
        "hoodie.datasource.write.payload.class": PAYLOAD,
        "hoodie.datasource.write.commitmeta.key.prefix": COMMIT_META,
        "hoodie.metadata.enable": "false",
        "hoodie.embed.timeline.server": "false",
        "hoodie.bulkinsert.shuffle.parallelism": "2",
        "hoodie.upsert.shuffle.parallelism": "2",
    }
