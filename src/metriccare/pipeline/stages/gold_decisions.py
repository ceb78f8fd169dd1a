"""The decisions of the patients touched, brought up to date with silver; of all where that is asked for."""

from collections.abc import Callable

from pyspark.sql import DataFrame, SparkSession
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
from metriccare.lake import tables
from metriccare.pipeline.stage_writer import Stage
from metriccare.pipeline.stages.gold_changes import GoldNews
from metriccare.pipeline.stages.silver import of_touched, patients_between
from metriccare.runtime.parallel import run_parallel
from metriccare.settings import Lake
from metriccare.silver.change import PATIENT_KEY, with_relatives


def refresh_decisions(spark: SparkSession, stage: Stage, news: GoldNews, sources: Sources) -> None:
    """Decide the stays of the patients that the news touch, and count their days in hospital."""
    if not news.has_changes:
        return
    _note_move(stage, news)
    stays, named = tables.read(spark, stage.lake, STAY), _named(spark, stage.lake)
    links = silver.survivors(named[1])
    if not news.is_rebuild:
        people = _patients(spark, stage.lake, news, stays, named[2], links).localCheckpoint()
        # Cut from where they come from: Spark would plan the reading of all tables again at each step.
        theirs = silver.of_patients(stays, F.broadcast(people), "left_semi")
        cut = (theirs, *of_touched(people, *named))
        stays, encounters, patients, conditions = run_parallel(rows.localCheckpoint for rows in cut)
        named = encounters, patients, conditions
    seen = silver.stays_at(news.as_of, stays, *named, sources, links)
    known = seen.stays.localCheckpoint()
    write = _replace(stage) if news.is_rebuild else _upsert(spark, stage, people)
    events = measures.infection_events(known, seen.conditions, measures.PROFILES, stage.run_id)
    events = events.localCheckpoint()

    def decisions() -> None:
        decided = measures.stay_measures(known, events, measures.PROFILES, stage.run_id, seen.later)
        write(decided, STAY_MEASURE)

    def infections() -> None:
        write(events, INFECTION_EVENT)

    def census() -> None:
        write(measures.patient_days(known, news.as_of, stage.run_id), PATIENT_DAY)

    run_parallel((decisions, infections, census))


def _named(spark: SparkSession, lake: Lake) -> tuple[DataFrame, DataFrame, DataFrame]:
    encounters, patients, conditions = (
        tables.read(spark, lake, table) for table in (ENCOUNTER, PATIENT, CONDITION)
    )
    return encounters, patients, conditions


def _note_move(stage: Stage, news: GoldNews) -> None:
    """Note at which cuts rows may stand from now on, and that a rebuild has begun: the run may be killed."""
    state = stage.state()
    cuts = sorted({str(day) for day in (*news.stood, news.as_of)})
    stage.note(state | {"moving": cuts} | ({"is_rebuilding": True} if news.is_rebuild else {}))


def _patients(
    spark: SparkSession,
    lake: Lake,
    news: GoldNews,
    stays: DataFrame,
    conditions: DataFrame,
    links: DataFrame | None,
) -> DataFrame:
    """Return those that silver has changed, and those whom the cut moves: with later facts, or still in hospital."""
    nobody = spark.createDataFrame([], "source STRING, patient_id STRING")
    changed = nobody if news.after == news.until else patients_between(spark, lake, news.after, news.until)
    if not news.is_moved:
        return changed
    resolved = silver.with_survivor(conditions, links)
    later = silver.patients_with_later_facts(stays, resolved, F.lit(news.since))
    inside = stays.filter("is_open").select(*PATIENT_KEY)
    moved = changed.unionByName(later.select(*PATIENT_KEY)).unionByName(inside).distinct()
    return with_relatives(moved, [links])  # stays name the survivors, resources all of a family


def _replace(stage: Stage) -> Callable[[DataFrame, Table], None]:
    def write(rows: DataFrame, table: Table) -> None:
        tables.replace(rows, stage.lake, table, stage.run_id, guard=stage.check)

    return write


def _upsert(spark: SparkSession, stage: Stage, people: DataFrame) -> Callable[[DataFrame, Table], None]:
    def write(rows: DataFrame, table: Table) -> None:
        held = silver.of_patients(tables.read(spark, stage.lake, table), F.broadcast(people), "left_semi")
        tables.upsert(rows, stage.lake, table, stage.run_id, gone=held, guard=stage.check)

    return write
