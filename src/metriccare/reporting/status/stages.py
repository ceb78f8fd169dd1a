"""The progress of each stage, from the checkpoints in the ledger; no table is read."""

from collections.abc import Collection

from metriccare.lake.ledger import Ledger
from metriccare.pipeline.checkpoints import (
    BronzeCheckpoint,
    GoldCheckpoint,
    SilverCheckpoint,
    load_checkpoint,
)
from metriccare.reporting.status.model import Files, Progress, StageStatus


def stages(ledger: Ledger, files: Files, written: Collection[str]) -> tuple[StageStatus, ...]:
    """Return the state of bronze, silver and gold.

    Args:
        ledger: the ledger of the lake.
        files: the number of file versions by state.
        written: the stages that are being written now.
    """
    watermark = load_checkpoint(ledger, BronzeCheckpoint).watermark
    silver, gold = load_checkpoint(ledger, SilverCheckpoint), load_checkpoint(ledger, GoldCheckpoint)
    is_silver_behind = watermark and watermark != silver.bronze_instant
    behind = f"bronze is at commit {watermark}, silver has read up to {silver.bronze_instant or 'none'}"
    return (
        _bronze(watermark, files, "bronze" in written),
        _stage(silver, behind if is_silver_behind else "", "silver" in written),
        _stage(gold, "silver has changed since" if gold.is_behind(silver) else "", "gold" in written),
    )


def _bronze(watermark: str, files: Files, is_written: bool) -> StageStatus:
    waiting = files.received + files.claimed
    detail = f"{_files(waiting)} {'waits' if waiting == 1 else 'wait'}" if waiting else ""
    if is_written:
        return StageStatus("bronze", Progress.IN_PROGRESS, detail)
    if not watermark:
        return StageStatus("bronze", Progress.NOT_RUN, detail)
    return StageStatus("bronze", Progress.BEHIND if waiting else Progress.UP_TO_DATE, detail)


def _stage(checkpoint: SilverCheckpoint | GoldCheckpoint, behind: str, is_written: bool) -> StageStatus:
    if is_written:
        return StageStatus(checkpoint.STAGE, Progress.IN_PROGRESS)
    if checkpoint.is_interrupted:
        return StageStatus(
            checkpoint.STAGE, Progress.INTERRUPTED, "a run was interrupted: its tables do not fit together"
        )
    if not checkpoint.has_completed:
        return StageStatus(checkpoint.STAGE, Progress.NOT_RUN)
    return StageStatus(checkpoint.STAGE, Progress.BEHIND if behind else Progress.UP_TO_DATE, behind)


def _files(count: int) -> str:
    return f"{count:,} file{'' if count == 1 else 's'}"
