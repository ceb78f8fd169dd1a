"""The results over all decisions, the reconciliation of all input, and what is published."""

import logging
from datetime import date, datetime

import pyarrow as pa

from metriccare import measures, quality
from metriccare.definitions.tables import (
    COVERAGE,
    MEASURE_PUBLISHED,
    MEASURE_RESULT,
    RECORD,
    RUN,
    UNMAPPED_CODE,
    Table,
)
from metriccare.engine.here import choose
from metriccare.errors import LakeError
from metriccare.lake.reader import read_parts
from metriccare.lake.tables import SparkLake, TableWriter
from metriccare.pipeline.stage_writer import StageWriter
from metriccare.pipeline.stages import kept_cells, whole_tables
from metriccare.pipeline.stages.gold_changes import GoldChanges
from metriccare.pipeline.stages.kept_cells import KeptCells
from metriccare.runtime.parallel import run_parallel

log = logging.getLogger(__name__)

Counts = dict[str, pa.Table]


def refresh_results(writer: StageWriter, changes: GoldChanges, run_at: datetime) -> quality.Reconciliation:
    """Compute the results, account for every input record, and publish; return the reconciliation.

    Args:
        writer: of gold.
        changes: what gold has to do.
        run_at: now, UTC.

    Raises:
        ReconciliationError: it does not add up; nothing is published.
    """
    lake, bronze_instant = writer.lake, changes.bronze_instant
    results, silver, records = run_parallel(
        (
            lambda: _results(writer, changes),
            lambda: _silver_counts(writer, changes),
            lambda: whole_tables.record_counts(lake, bronze_instant),
        )
    )
    account = quality.reconcile(
        records,
        _replaced(writer, changes, records),
        silver,
        results,
        run_id=writer.run_id,
        run_at=run_at,
        as_of=changes.as_of,
        definition_version=measures.DEFINITION_VERSION,
    )
    _log(account)
    account.check()
    if changes.has_changes:
        published = measures.published(results, account.is_synthetic)
        # One cut only: two that lie side by side tell, by their difference, who came in between.
        writer.replace(MEASURE_PUBLISHED, published)
    if changes.has_changes or changes.has_new_records:
        write = writer.append if _is_readable(writer, RUN) else writer.replace
        write(RUN, account.row())
    return account


def _results(writer: StageWriter, changes: GoldChanges) -> pa.Table:
    """Write the results if a number may have changed; return those of as_of as the table has them."""
    if changes.has_changes:
        cells = {**_cells(writer.lake, changes.as_of), **whole_tables.names(writer.lake)}
        results = measures.measure_results(cells, changes.as_of, writer.run_id)
        writer.replace_partitions(MEASURE_RESULT, results)
    at_as_of = read_parts(writer.lake.location, MEASURE_RESULT, filters=[("as_of", "=", str(changes.as_of))])
    return choose(at_as_of, "FROM part", MEASURE_RESULT.columns)


def _cells(lake: SparkLake, as_of: date) -> kept_cells.Cells:
    """Return the cells that are kept; add up all decisions if they are not those of the tables."""
    kept = kept_cells.load(lake.location)
    if kept and kept.are_of(as_of):
        return kept.cells
    log.info("add up all decisions")
    commits = kept_cells.commits_of(lake.location)
    found = KeptCells(as_of, commits, whole_tables.cells(lake, as_of))
    kept_cells.save(lake.location, found)
    return found.cells


def _silver_counts(writer: StageWriter, changes: GoldChanges) -> Counts:
    """Count the rows of silver; write the data coverage and the codes that are not mapped where they have changed."""
    counts = whole_tables.silver_counts(writer.lake)
    if changes.has_changes:
        found = quality.totals(counts, writer.run_id)
        for table, rows in ((COVERAGE, found["coverage"]), (UNMAPPED_CODE, found["unmapped_code"])):
            write_if_changed(writer, table, rows)
    return counts


def write_if_changed(writer: TableWriter, table: Table, rows: pa.Table) -> None:
    """Replace a table unless it has the same rows, of whichever run."""
    if writer.lake.latest_commit(table) and _is_readable(writer, table):
        before = choose(read_parts(writer.lake.location, table), "FROM part", table.columns)
        if _without_run(before, table) == _without_run(rows, table):
            return
    writer.replace(table, rows)


def _is_readable(writer: TableWriter, table: Table) -> bool:
    """Tell whether no file of a small table is damaged; one that was not written yet is readable too."""
    try:
        for _ in read_parts(writer.lake.location, table) if writer.lake.has(table) else ():
            pass
    except LakeError:
        log.warning("replace damaged table", extra={"table": str(table)})
        return False
    return True


def _without_run(rows: pa.Table, table: Table) -> pa.Table:
    return rows.drop_columns(["run_id"]).sort_by([(name, "ascending") for name in table.key])


def _replaced(writer: StageWriter, changes: GoldChanges, records: Counts) -> dict[str, int]:
    """Look for records that were replayed, if there was any replay."""
    has_replays = any(records["record_count"]["replays"].to_pylist())
    return quality.replaced(writer.lake.read_until(RECORD, changes.bronze_instant)) if has_replays else {}


def _log(account: quality.Reconciliation) -> None:
    counts = {name: getattr(account, name) for name in ("files", "records", "stays", "results")}
    log.info("reconcile", extra=counts | {"quarantined": sum(account.quarantined.values())})
