"""The decisions of the patients that changed, brought up to date with silver; of all in a rebuild."""

from functools import partial

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from metriccare import measures, silver
from metriccare.definitions.sources import Sources
from metriccare.definitions.tables import CONDITION, STAY, TABLES, Table
from metriccare.engine import Program, Reference
from metriccare.engine.on_spark import run_on_spark
from metriccare.pipeline.stage_writer import StageWriter
from metriccare.pipeline.stages.gold_changes import GoldChanges, save_pending
from metriccare.pipeline.stages.patient_changes import changed_patients
from metriccare.pipeline.stages.patient_links import links_of
from metriccare.pipeline.stages.patient_rows import PatientRows
from metriccare.runtime.parallel import run_parallel
from metriccare.silver.relatives import Patient

DECISIONS_AT_AS_OF = Program(
    takes=silver.SEEN.takes,
    steps=(*silver.SEEN.steps, *measures.DECISIONS.steps),
    gives=measures.DECISIONS.gives,
)
"""Decide the stays of silver as they are seen at as_of."""


def refresh_decisions(writer: StageWriter, changes: GoldChanges, sources: Sources) -> None:
    """Decide the stays of the patients that the changes affect, and count their days in hospital."""
    if not changes.has_changes:
        return
    save_pending(writer, changes)
    links = links_of(writer.lake)
    rows = PatientRows(writer.lake, links, None if changes.is_rebuild else _affected(writer, changes))
    made = run_on_spark(
        DECISIONS_AT_AS_OF,
        [rows.stays(), *rows.resources()],
        Reference({"run_id": writer.run_id, "as_of": changes.as_of}, sources),
        tasks=rows.tasks,
        everywhere={"survivor": links},
    )

    def write(table: Table, decided: DataFrame) -> None:
        if changes.is_rebuild:
            writer.replace(table, decided)
        else:
            writer.upsert(table, decided, delete=rows.keys(table))

    run_parallel(partial(write, TABLES[f"gold.{name}"], decided) for name, decided in made.items())


def _affected(writer: StageWriter, changes: GoldChanges) -> set[Patient]:
    """Return the patients that silver has changed, and if as_of changes those with later facts or open stays."""
    taken, latest = changes.from_instant, changes.to_instant
    changed = set() if taken == latest else changed_patients(writer.lake, taken, latest)
    if not changes.is_as_of_changed:
        return changed
    return changed | _with_later_facts(writer, changes)


def _with_later_facts(writer: StageWriter, changes: GoldChanges) -> set[Patient]:
    """Return the patients with an open stay, or a fact after the earliest as_of that rows may be decided at."""
    cut = F.lit(changes.earliest_as_of)
    stays, conditions = writer.lake.read(STAY), writer.lake.read(CONDITION)
    is_later = [F.col(day) > cut for day in ("admission_date", "discharge_date", "death_date")]
    concerned = stays.filter(F.col("is_open") | is_later[0] | is_later[1] | is_later[2])
    later = conditions.filter(F.col("event_date") > cut)
    nobodys = later.filter(F.col("patient_id").isNull() & F.col("encounter_id").isNotNull())
    members = stays.select("source", "patient_id", F.explode("encounter_ids").alias("encounter_id"))
    named = [
        concerned.select("source", "patient_id"),
        later.filter(F.col("patient_id").isNotNull()).select("source", "patient_id"),
        members.join(F.broadcast(nobodys), ["source", "encounter_id"], "left_semi").select(
            "source", "patient_id"
        ),
    ]
    found = named[0].unionByName(named[1]).unionByName(named[2]).distinct()
    return {(row.source, row.patient_id) for row in found.collect()}
