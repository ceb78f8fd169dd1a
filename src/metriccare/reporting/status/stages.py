"""How far each stage has come: what the stages note in the ledger, compared. Asks no table."""

from collections.abc import Collection, Mapping
from typing import Any

from metriccare.lake.ledger import Ledger
from metriccare.pipeline.watermarks import is_gold_behind, is_interrupted
from metriccare.reporting.status.model import Files, Progress, StageStatus


def stages(ledger: Ledger, files: Files, written: Collection[str]) -> tuple[StageStatus, ...]:
    """Return the state of bronze, silver and gold.

    Args:
        ledger: of the lake.
        files: the file versions by state.
        written: the stages that somebody writes now.
    """
    bronze, silver, gold = (ledger.state(name) for name in ("bronze", "silver", "gold"))
    read = str(bronze.get("head", ""))
    is_silver_behind = read and read != silver.get("bronze_instant")
    behind = f"bronze is at commit {read}, silver has read up to {silver.get('bronze_instant')}"
    return (
        _bronze(read, files, "bronze" in written),
        _stage("silver", silver, behind if is_silver_behind else "", "silver" in written),
        _stage(
            "gold",
            gold,
            "silver has moved on since" if is_gold_behind(silver, gold) else "",
            "gold" in written,
        ),
    )


def _bronze(head: str, files: Files, is_written: bool) -> StageStatus:
    waiting = files.received + files.claimed
    detail = f"{_files(waiting)} {'waits' if waiting == 1 else 'wait'}" if waiting else ""
    if is_written:
        return StageStatus("bronze", Progress.IN_PROGRESS, detail)
    if not head:
        return StageStatus("bronze", Progress.NOT_RUN, detail)
    return StageStatus("bronze", Progress.BEHIND if waiting else Progress.UP_TO_DATE, detail)


def _stage(name: str, state: Mapping[str, Any], behind: str, is_written: bool) -> StageStatus:
    if is_written:
        return StageStatus(name, Progress.IN_PROGRESS)
    if is_interrupted(state):
        return StageStatus(
            name, Progress.INTERRUPTED, "a run did not come to its end: its tables do not fit together"
        )
    if not state:
        return StageStatus(name, Progress.NOT_RUN)
    return StageStatus(name, Progress.BEHIND if behind else Progress.UP_TO_DATE, behind)


def _files(count: int) -> str:
    return f"{count:,} file{'' if count == 1 else 's'}"
