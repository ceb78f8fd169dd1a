"""The decisions of the patients that changed, brought up to date with silver; of all in a rebuild."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

import pyarrow as pa

from metriccare import measures, silver
from metriccare.definitions.sources import Sources
from metriccare.definitions.tables import CONDITION, STAY, TABLES
from metriccare.engine import Program, Reference
from metriccare.engine.here import Parts, run_here
from metriccare.engine.schema import arrow_schema
from metriccare.lake.deleted import Rows
from metriccare.lake.reader import read_parts
from metriccare.pipeline.stage_writer import StageWriter
from metriccare.pipeline.stages import kept_cells
from metriccare.pipeline.stages.gold_changes import GoldChanges, save_pending
from metriccare.pipeline.stages.kept_cells import MADE_OF, KeptCells
from metriccare.pipeline.stages.patient_changes import as_patients, changed_patients
from metriccare.pipeline.stages.patient_links import links_of
from metriccare.pipeline.stages.patient_rows import rows_of
from metriccare.runtime.parallel import run_parallel
from metriccare.settings import Lake
from metriccare.silver.relatives import Patient

DECISIONS_AT_AS_OF = Program(
    takes=silver.SEEN.takes,
    steps=(*silver.SEEN.steps, *measures.DECISIONS.steps),
    gives=measures.DECISIONS.gives,
)
"""Decide the stays of silver as they are seen at as_of."""


def _with_key(name: str) -> str:
    """Return what is read of the former rows of a table: what cells are made of, and the key."""
    ddl = measures.CELLS.takes[name]
    missing = set(MADE_OF[name].key) - set(arrow_schema(ddl).names)
    return ", ".join([ddl, *(f"{column} STRING" for column in sorted(missing))])


_FORMER = {name: _with_key(name) for name in MADE_OF}


def refresh_decisions(writer: StageWriter, changes: GoldChanges, sources: Sources) -> None:
    """Decide the stays of the patients that the changes affect, and count their days in hospital."""
    if not changes.has_changes:
        return
    save_pending(writer, changes)
    links = links_of(writer.lake.location)
    rows = rows_of(writer.lake, links, None if changes.is_rebuild else _affected(writer, changes, links))
    values = {"run_id": writer.run_id, "as_of": changes.as_of}
    made = rows.run(DECISIONS_AT_AS_OF, Reference(values, sources))
    if changes.is_rebuild:
        run_parallel(
            partial(writer.replace, TABLES[f"gold.{name}"], decided) for name, decided in made.items()
        )
        return
    held = run_parallel(partial(rows.held, MADE_OF[name], ddl) for name, ddl in _FORMER.items())
    former = dict(zip(_FORMER, held, strict=True))
    cells = _changed_cells(writer.lake.location, former, made)
    run_parallel(
        partial(writer.upsert, TABLES[f"gold.{name}"], decided, delete=former[name])
        for name, decided in made.items()
    )
    if cells:
        commits = kept_cells.commits_of(writer.lake.location)
        writer.stage.check()  # the commits are ours
        kept_cells.save(writer.lake.location, replace(cells, commits=commits))


def _changed_cells(lake: Lake, former: Mapping[str, Rows], made: Mapping[str, Rows]) -> KeptCells | None:
    """Return the cells as they will be; None if all must be added up, because none are kept or many rows change."""
    before, now = (
        {name: table for name, table in rows.items() if isinstance(table, pa.Table)}
        for rows in (former, made)
    )
    kept = kept_cells.load(lake) if before else None
    return kept_cells.changed(kept, before, now) if kept else None


def _affected(writer: StageWriter, changes: GoldChanges, links: pa.Table) -> set[Patient]:
    """Return the patients that silver has changed, and if as_of changes those of whom that may change a decision."""
    lake, taken, latest = writer.lake.location, changes.from_instant, changes.to_instant
    changed = set() if taken == latest else changed_patients(lake, taken, latest)
    if not changes.is_as_of_changed:
        return changed
    inputs = [
        Parts(
            table.name,
            read_parts(lake, table, arrow_schema(silver.AFFECTED_BY_AS_OF.takes[table.name]).names),
        )
        for table in (STAY, CONDITION)
    ]
    at = Reference({"as_of": changes.earliest_as_of})
    found = run_here(silver.AFFECTED_BY_AS_OF, inputs, at, whole={"survivor": links})
    return changed | as_patients(found["affected_patient"])
