"""The resources of silver, brought up to date with the commits of bronze that it has not taken."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from metriccare import silver
from metriccare.definitions.sources import Sources
from metriccare.definitions.tables import RECORD, RESOURCES
from metriccare.pipeline.checkpoints import SilverCheckpoint
from metriccare.pipeline.stage_writer import StageWriter
from metriccare.pipeline.stages.patient_changes import announce, announce_all
from metriccare.pipeline.stages.silver_changes import SilverChanges
from metriccare.runtime.parallel import run_parallel
from metriccare.silver.change import changed_versions, is_unstamped, newest_versions


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
    records = writer.lake.read_until(RECORD, changes.to_instant)

    def write(kind: str) -> None:
        writer.replace(RESOURCES[kind], _typed(kind, silver.newest(records, kind), sources))

    run_parallel(partial(write, kind) for kind in RESOURCES)


def _update(writer: StageWriter, changes: SilverChanges, sources: Sources) -> None:
    new = writer.lake.read_between(RECORD, changes.from_instant, changes.to_instant).cache()
    known = writer.lake.read_until(RECORD, changes.to_instant)
    current = {kind: writer.lake.read(table) for kind, table in RESOURCES.items()}

    def find(kind: str, has_unstamped: bool) -> tuple[str, DataFrame]:
        versions = newest_versions(new, known, kind, has_unstamped=has_unstamped)
        return kind, _typed(kind, changed_versions(versions, current[kind]), sources).localCheckpoint()

    found = run_parallel(partial(find, kind, unstamped) for kind, unstamped in _types_in(new).items())
    changed = {kind: typed for kind, typed in found if not typed.isEmpty()}
    announce(writer, changed, current)
    for kind, typed in changed.items():
        writer.upsert(RESOURCES[kind], typed)
    new.unpersist()


def _types_in(records: DataFrame) -> dict[str, bool]:
    """Return the resource types among the records, and whether any record of the type is unstamped."""
    counted = (
        records.filter(F.col("resource_type").isin(*RESOURCES))
        .groupBy("resource_type")
        .agg(F.max(is_unstamped()).alias("has_unstamped"))
    )
    found = {row["resource_type"]: row["has_unstamped"] for row in counted.collect()}
    return {kind: found[kind] for kind in RESOURCES if kind in found}


def _typed(kind: str, versions: DataFrame, sources: Sources) -> DataFrame:
    make: dict[str, Callable[[DataFrame], DataFrame]] = {
        "Patient": partial(silver.patients, sources=sources),
        "Encounter": partial(silver.encounters, sources=sources),
        "Condition": partial(silver.conditions, sources=sources),
        "Organization": silver.organizations,
    }
    return make[kind](versions)
