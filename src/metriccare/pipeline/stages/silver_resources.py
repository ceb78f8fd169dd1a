"""The resources of silver, brought up to date with the commits of bronze that it has not taken."""

from dataclasses import dataclass, replace
from functools import partial, reduce

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from metriccare import silver
from metriccare.definitions.sources import Sources
from metriccare.definitions.tables import RECORD, RESOURCES
from metriccare.engine import Reference
from metriccare.engine.on_spark import Input, run_on_spark
from metriccare.lake.tables import SparkLake
from metriccare.pipeline.checkpoints import SilverCheckpoint
from metriccare.pipeline.stage_writer import StageWriter
from metriccare.pipeline.stages.patient_changes import announce, announce_all
from metriccare.pipeline.stages.silver_changes import SilverChanges
from metriccare.runtime.parallel import run_parallel

RECORDS_PER_TASK = 50_000
_RESOURCE = ("source", "resource_type", "resource_id")
_STAMP = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$"


def refresh_resources(writer: StageWriter, changes: SilverChanges, sources: Sources) -> None:
    """Write the resources that have a newer version, after announcing the patients that this affects."""
    if changes.is_empty:
        return
    if changes.is_rebuild:
        _rebuild(writer, changes, sources)
    else:
        _update(writer, changes, sources)


def _rebuild(writer: StageWriter, changes: SilverChanges, sources: Sources) -> None:
    writer.save(replace(writer.load(SilverCheckpoint), is_rebuilding=True))
    announce_all(writer)
    records = _of_resources(writer.lake.read_until(RECORD, changes.to_instant))
    tasks = max(writer.spark.sparkContext.defaultParallelism, _tasks(records.count()))
    made = run_on_spark(silver.RESOURCES, [_input(records)], Reference(sources=sources), tasks=tasks)
    run_parallel(partial(writer.replace, table, made[table.name]) for table in RESOURCES.values())


def _update(writer: StageWriter, changes: SilverChanges, sources: Sources) -> None:
    new = _of_resources(writer.lake.read_between(RECORD, changes.from_instant, changes.to_instant)).cache()
    found = _found_in(new)
    if found.types:
        known = writer.lake.read_until(RECORD, changes.to_instant)
        again = [_again(new, known)] if found.has_unstamped else []
        made = run_on_spark(
            silver.DELIVERY,
            [*map(_input, (new, *again)), _held(writer.lake, new, found.types)],
            Reference(sources=sources),
            tasks=_tasks(found.count),
        )
        touched = made["touched"].distinct().collect()
        announce(writer, touched, made["patient"])
        changed = {row.resource_type for row in touched}
        for table in (table for kind, table in RESOURCES.items() if kind in changed):
            writer.upsert(table, made[table.name])
    new.unpersist()


@dataclass(frozen=True)
class _Found:
    """What new records are: of which types, how many, and whether some may be unstamped."""

    types: tuple[str, ...]
    count: int
    has_unstamped: bool


def _found_in(new: DataFrame) -> _Found:
    by_type = new.groupBy("resource_type").agg(
        F.count("*").alias("rows"), F.max(~_is_clearly_stamped()).alias("has_unstamped")
    )
    rows = by_type.collect()
    return _Found(
        types=tuple(sorted(row.resource_type for row in rows)),
        count=sum(row.rows for row in rows),
        has_unstamped=any(row.has_unstamped for row in rows),
    )


def _is_clearly_stamped() -> Column:
    """True where `lastUpdated` is an instant for certain; of the others silver's steps decide."""
    stamp = F.col("last_updated")
    return F.coalesce(stamp.rlike(_STAMP) & stamp.cast("timestamp").isNotNull(), F.lit(False))


def _again(new: DataFrame, known: DataFrame) -> DataFrame:
    """Return all records of the resources of which an unstamped one is new: the first receipt of its body orders it."""
    unstamped = new.filter(~_is_clearly_stamped()).select(*_RESOURCE).distinct()
    return _of_resources(known).join(F.broadcast(unstamped), list(_RESOURCE), how="left_semi")


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


def _of_resources(records: DataFrame) -> DataFrame:
    return records.filter(F.col("resource_type").isin(*RESOURCES))


def _input(records: DataFrame) -> Input:
    return Input("record", records, F.struct(*_RESOURCE))


def _tasks(records: int) -> int:
    return 1 + records // RECORDS_PER_TASK
