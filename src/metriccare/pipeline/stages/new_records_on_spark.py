"""Many new records of bronze, typed by Spark."""

from dataclasses import replace
from functools import reduce

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from metriccare import silver
from metriccare.definitions.tables import RECORD, RESOURCES
from metriccare.engine import Reference
from metriccare.engine.on_spark import Input, from_frame, run_on_spark
from metriccare.lake.tables import SparkLake
from metriccare.pipeline.stages.new_records import NewRecords, Typed

RECORDS_PER_TASK = 50_000
_RESOURCE = ("source", "resource_type", "resource_id")
_STAMP = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$"


def typed_on_spark(lake: SparkLake, new: NewRecords, reference: Reference) -> Typed:
    """Return what `silver.DELIVERY` makes of new records."""
    records = records_read(lake, new).cache()
    inputs = [record_input(records)]
    if new.has_unstamped:
        inputs.append(record_input(_again(lake, new, records)))
    inputs.append(_held(lake, records, new.types))
    made = run_on_spark(silver.DELIVERY, inputs, reference, tasks=tasks_for(new))
    records.unpersist()
    linked = made["patient"].filter(silver.IS_LINKED)
    return Typed(
        made,
        touched=from_frame(made["touched"].distinct(), silver.DELIVERY.gives["touched"]).to_pylist(),
        linked=from_frame(linked, silver.LINKED).to_pylist(),
    )


def records_read(lake: SparkLake, new: NewRecords) -> DataFrame:
    """Return the records."""
    records = lake.read_until(RECORD, new.until, from_instant=new.after)
    return records.filter(F.col("resource_type").isin(*RESOURCES))


def record_input(records: DataFrame) -> Input:
    """Return records as a program takes them: those of a resource together."""
    return Input("record", records, F.struct(*_RESOURCE))


def tasks_for(new: NewRecords) -> int:
    """Return into how many tasks the records are divided."""
    return 1 + new.count // RECORDS_PER_TASK


def _again(lake: SparkLake, new: NewRecords, records: DataFrame) -> DataFrame:
    """Return all records of the resources of which an unstamped one is new: the first receipt of its body orders it."""
    unstamped = records.filter(~_is_clearly_stamped()).select(*_RESOURCE).distinct()
    known = records_read(lake, replace(new, after=""))
    return known.join(F.broadcast(unstamped), list(_RESOURCE), how="left_semi")


def _is_clearly_stamped() -> Column:
    """True where `lastUpdated` is an instant for certain; of the others silver's steps decide."""
    stamp = F.col("last_updated")
    return F.coalesce(stamp.rlike(_STAMP) & stamp.cast("timestamp").isNotNull(), F.lit(False))


def _held(lake: SparkLake, new: DataFrame, types: tuple[str, ...]) -> Input:
    """Return what silver holds of the resources among the new records."""

    def of_type(kind: str) -> DataFrame:
        keys = new.filter(F.col("resource_type") == kind).select("source", F.col("resource_id").alias("id"))
        rows = lake.read(RESOURCES[kind]).join(
            F.broadcast(keys.distinct()), ["source", "id"], how="left_semi"
        )
        there = set(rows.columns)
        named = [
            F.col(name) if name in there else F.lit(None).cast("string").alias(name)
            for name in ("source", "id", "version_order", "patient_id", "encounter_id")
        ]
        return rows.select(F.lit(kind).alias("resource_type"), *named)

    held = reduce(DataFrame.unionByName, map(of_type, types))
    return Input("held", held, F.struct("source", "resource_type", "id"))
