"""Upkeep of the tables when the numbers are out: compaction, of a few tables per run, so that no run takes much longer.

A delivery adds log files to the tables of patients. Every reader merges them with the Parquet files, so that they may
not become too many.
"""

from pyspark.sql import SparkSession

from metriccare.definitions.tables import TABLES, Table
from metriccare.errors import StageBusyError
from metriccare.lake.reader import most_log_files
from metriccare.pipeline.stage_writer import open_stage
from metriccare.settings import Lake

LOG_FILES = 10  # of one Parquet file: then a table is compacted
TABLES_PER_RUN = 2  # of eight, which all become due with the same delivery


def compact_tables(spark: SparkSession, lake: Lake, run_id: str = "", ledger_url: str = "") -> str:
    """Compact the tables that most need it, if any; return a sentence that says which.

    Args:
        spark: the session.
        lake: the lake.
        run_id: the run that writes; empty for a new one.
        ledger_url: where the lake's ledger is; empty for the lake's own.
    """
    due = due_tables(lake)
    if not due:
        return "No table has to be compacted."
    try:
        with open_stage(spark, "gold", lake, run_id, ledger_url) as writer:
            for table in due:
                writer.compact(table)
    except StageBusyError:
        return "Another run is writing: the next one compacts the tables."
    return f"Compacted: {', '.join(map(str, due))}."


def due_tables(lake: Lake) -> list[Table]:
    """Return the tables with the most log files, the order of the registry among equals."""
    files = {table: most_log_files(lake, table) for table in TABLES.values() if table.buckets}
    due = [table for table, count in files.items() if count >= LOG_FILES]
    return sorted(due, key=lambda table: -files[table])[:TABLES_PER_RUN]
