"""Gold: the decisions and results, brought up to date with silver. The notebook 04_gold calls the steps of `run`."""

from dataclasses import dataclass
from datetime import datetime

from pyspark.sql import SparkSession

from metriccare.definitions.sources import Sources
from metriccare.pipeline.stage_writer import open_stage
from metriccare.pipeline.stages.gold_changes import GoldChanges, find_changes, save_checkpoint
from metriccare.pipeline.stages.gold_decisions import refresh_decisions
from metriccare.pipeline.stages.gold_results import refresh_results
from metriccare.pipeline.stages.upkeep import compact_tables
from metriccare.quality import Reconciliation
from metriccare.settings import Lake

__all__ = [
    "GoldChanges",
    "GoldRun",
    "compact_tables",
    "find_changes",
    "refresh_decisions",
    "refresh_results",
    "run",
    "save_checkpoint",
]


@dataclass(frozen=True)
class GoldRun:
    """What a run of gold did.

    Attributes:
        changes: what there was to do.
        account: where every input record went.
    """

    changes: GoldChanges
    account: Reconciliation


def run(
    spark: SparkSession,
    lake: Lake,
    sources: Sources,
    run_at: datetime,
    *,
    as_of: str = "",
    full_refresh: bool = False,
    run_id: str = "",
    ledger_url: str = "",
) -> GoldRun:
    """Bring gold up to date with silver.

    Args:
        spark: the session.
        lake: the lake.
        sources: what is configured.
        run_at: now, UTC.
        as_of: the last day that counts, as YYYY-MM-DD; empty means the newest discharge.
        full_refresh: recompute all stays.
        run_id: the run that writes; empty for a new one.
        ledger_url: where the lake's ledger is; empty for the lake's own.

    Raises:
        StageBusyError: another process is writing silver or gold.
        LakeError: silver is not complete, or there is no usable discharge date.
        ReconciliationError: the counts do not add up; nothing is published.
    """
    with open_stage(spark, "gold", lake, run_id, ledger_url) as writer:
        changes = find_changes(writer, as_of, full_refresh=full_refresh)
        refresh_decisions(writer, changes, sources)
        account = refresh_results(writer, changes, run_at)
        save_checkpoint(writer, changes)
    compact_tables(spark, lake, run_id, ledger_url)
    return GoldRun(changes, account)
