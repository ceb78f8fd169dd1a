"""Silver: the resources and stays, brought up to date with bronze. The notebook 03_silver calls the steps of `run`."""

from pyspark.sql import SparkSession

from metriccare.definitions.sources import Sources
from metriccare.pipeline.stage_writer import open_stage
from metriccare.pipeline.stages.quarantine_limit import NO_LIMIT, check_quarantined
from metriccare.pipeline.stages.silver_changes import SilverChanges, find_changes, save_checkpoint
from metriccare.pipeline.stages.silver_resources import refresh_resources
from metriccare.pipeline.stages.silver_stays import refresh_stays
from metriccare.settings import Lake

__all__ = [
    "SilverChanges",
    "check_quarantined",
    "find_changes",
    "refresh_resources",
    "refresh_stays",
    "run",
    "save_checkpoint",
]


def run(
    spark: SparkSession,
    lake: Lake,
    sources: Sources,
    *,
    full_refresh: bool = False,
    max_quarantined: float = NO_LIMIT,
    to_instant: str = "",
    run_id: str = "",
    ledger_url: str = "",
) -> SilverChanges:
    """Bring silver up to date with bronze; return what that was.

    Args:
        spark: the session.
        lake: the lake.
        sources: what is configured.
        full_refresh: rebuild all tables.
        max_quarantined: the largest share of new records that may be in quarantine; 1 takes any.
        to_instant: the last commit of bronze that is taken; empty for the latest.
        run_id: the run that writes; empty for a new one.
        ledger_url: where the lake's ledger is; empty for the lake's own.

    Raises:
        StageBusyError: another process is writing silver.
        LakeError: there is no bronze table yet.
        QuarantineError: more is in quarantine.
    """
    with open_stage(spark, "silver", lake, run_id, ledger_url) as writer:
        changes = find_changes(writer, sources, full_refresh=full_refresh, to_instant=to_instant)
        check_quarantined(writer, changes, max_quarantined)
        refresh_resources(writer, changes, sources)
        refresh_stays(writer, changes, sources)
        save_checkpoint(writer, changes)
    return changes
