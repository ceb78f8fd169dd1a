"""The resources of silver, brought up to date with the commits of bronze that it has not taken."""

from dataclasses import replace
from functools import partial

from metriccare import silver
from metriccare.definitions.sources import Sources
from metriccare.definitions.tables import RESOURCES
from metriccare.engine import Reference
from metriccare.engine.on_spark import run_on_spark
from metriccare.pipeline.checkpoints import SilverCheckpoint
from metriccare.pipeline.stage_writer import StageWriter
from metriccare.pipeline.stages.new_records import NewRecords, Typed, find_new_records
from metriccare.pipeline.stages.new_records_here import typed_here
from metriccare.pipeline.stages.new_records_on_spark import (
    record_input,
    records_read,
    tasks_for,
    typed_on_spark,
)
from metriccare.pipeline.stages.patient_changes import announce, announce_all
from metriccare.pipeline.stages.silver_changes import SilverChanges
from metriccare.runtime.parallel import run_parallel

RECORDS_HERE = 50_000  # more of them Spark types in several tasks


def refresh_resources(writer: StageWriter, changes: SilverChanges, sources: Sources) -> None:
    """Write the resources that have a newer version, after announcing the patients that this affects."""
    if changes.is_empty:
        return
    reference, lake = Reference(sources=sources), writer.lake
    if changes.is_rebuild:
        _rebuild(writer, find_new_records(lake.location, "", changes.to_instant), reference)
        return
    new = find_new_records(lake.location, changes.from_instant, changes.to_instant)
    if new.count > RECORDS_HERE:
        _update(writer, typed_on_spark(lake, new, reference))
    elif new.count:
        _update(writer, typed_here(lake.location, new, reference))


def _rebuild(writer: StageWriter, records: NewRecords, reference: Reference) -> None:
    writer.save(replace(writer.load(SilverCheckpoint), is_rebuilding=True))
    announce_all(writer)
    tasks = max(writer.spark.sparkContext.defaultParallelism, tasks_for(records))
    read = record_input(records_read(writer.lake, records))
    made = run_on_spark(silver.RESOURCES, [read], reference, tasks=tasks)
    run_parallel(partial(writer.replace, table, made[table.name]) for table in RESOURCES.values())


def _update(writer: StageWriter, typed: Typed) -> None:
    announce(writer, typed.touched, typed.linked)
    changed = {row["resource_type"] for row in typed.touched}
    tables = (table for kind, table in RESOURCES.items() if kind in changed)
    run_parallel(partial(writer.upsert, table, typed.tables[table.name]) for table in tables)
