"""The decisions of the patients that changed, brought up to date with silver; of all in a rebuild."""

from collections.abc import Callable

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from metriccare import measures, silver
from metriccare.definitions.sources import Sources
from metriccare.definitions.tables import (
    CONDITION,
    ENCOUNTER,
    INFECTION_EVENT,
    PATIENT,
    PATIENT_DAY,
    STAY,
    STAY_MEASURE,
    Table,
)
from metriccare.pipeline.stage_writer import StageWriter
from metriccare.pipeline.stages.gold_changes import GoldChanges, save_pending
from metriccare.pipeline.stages.patient_changes import changed_patients, resources_of
from metriccare.runtime.parallel import run_parallel
from metriccare.silver.change import PATIENT_KEY, with_relatives


def refresh_decisions(writer: StageWriter, changes: GoldChanges, sources: Sources) -> None:
    """Decide the stays of the patients that the changes affect, and count their days in hospital."""
    if not changes.has_changes:
        return
    save_pending(writer, changes)
    stays = writer.lake.read(STAY)
    encounters, people, conditions = (writer.lake.read(one) for one in (ENCOUNTER, PATIENT, CONDITION))
    links = silver.survivors(people)
    if not changes.is_rebuild:
        patients = _affected(writer, changes, stays, conditions, links).localCheckpoint()
        # Checkpointed: otherwise Spark would plan the reading of all tables again at each step.
        theirs = silver.of_patients(stays, F.broadcast(patients), "left_semi")
        cut = (theirs, *resources_of(patients, encounters, people, conditions))
        stays, encounters, people, conditions = run_parallel(rows.localCheckpoint for rows in cut)
    seen = silver.stays_at(changes.as_of, stays, encounters, people, conditions, sources, links)
    known = seen.stays.localCheckpoint()
    write = writer.replace if changes.is_rebuild else _upsert(writer, patients)
    events = measures.infection_events(known, seen.conditions, measures.PROFILES, writer.run_id)
    events = events.localCheckpoint()

    def decisions() -> None:
        write(
            STAY_MEASURE,
            measures.stay_measures(known, events, measures.PROFILES, writer.run_id, seen.later),
        )

    def infections() -> None:
        write(INFECTION_EVENT, events)

    def census() -> None:
        write(PATIENT_DAY, measures.patient_days(known, changes.as_of, writer.run_id))

    run_parallel((decisions, infections, census))


def _affected(
    writer: StageWriter,
    changes: GoldChanges,
    stays: DataFrame,
    conditions: DataFrame,
    links: DataFrame | None,
) -> DataFrame:
    """Return the patients that silver has changed, and those with later facts or open stays if as_of changes."""
    none = writer.spark.createDataFrame([], "source STRING, patient_id STRING")
    taken, latest = changes.from_instant, changes.to_instant
    changed = none if taken == latest else changed_patients(writer.lake, taken, latest)
    if not changes.is_as_of_changed:
        return changed
    resolved = silver.with_survivor(conditions, links)
    later = silver.patients_with_later_facts(stays, resolved, F.lit(changes.earliest_as_of))
    inside = stays.filter("is_open").select(*PATIENT_KEY)
    affected = changed.unionByName(later.select(*PATIENT_KEY)).unionByName(inside).distinct()
    return with_relatives(affected, [links])  # stays name the survivors, resources all of a family


def _upsert(writer: StageWriter, patients: DataFrame) -> Callable[[Table, DataFrame], None]:
    def write(table: Table, rows: DataFrame) -> None:
        former = silver.of_patients(writer.lake.read(table), F.broadcast(patients), "left_semi")
        writer.upsert(table, rows, delete=former)

    return write
