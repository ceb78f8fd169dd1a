"""Which notebooks a run needs, by the ledger alone: no Spark, no table.

A stage has work if its input has moved on, if its fingerprints have changed, if it was interrupted, or if the user asks
for it. Work of a stage is work for the stages after it.
"""

from dataclasses import dataclass

from metriccare.definitions.sources import Sources
from metriccare.definitions.versions import DEFINITION_VERSION
from metriccare.lake.ledger import FileState, FileVersion, Ledger
from metriccare.pipeline.checkpoints import (
    BronzeCheckpoint,
    GoldCheckpoint,
    SilverCheckpoint,
    load_checkpoint,
)
from metriccare.pipeline.fingerprints import Fingerprints, changed, gold_fingerprints, silver_fingerprints
from metriccare.pipeline.left_out import is_left_out


@dataclass(frozen=True)
class Plan:
    """What a run does: for each stage the reason in words; empty for a stage that has nothing to do."""

    bronze: str = ""
    silver: str = ""
    gold: str = ""


ALL_STAGES = Plan("new files", "bronze is ahead", "silver is ahead")


def plan_run(
    ledger: Ledger,
    files: list[FileVersion],
    sources: Sources,
    as_of: str = "",
    *,
    full_refresh: bool = False,
) -> Plan:
    """Say which stages have work.

    Args:
        ledger: of the lake.
        files: the raw folder as it is now.
        sources: what is configured.
        as_of: the last day that counts; empty means the newest discharge.
        full_refresh: silver and gold are to be rebuilt.
    """
    bronze = bronze_work(ledger, files)
    silver = bronze or silver_work(ledger, sources, full_refresh=full_refresh)
    return Plan(bronze, silver, silver or gold_work(ledger, as_of))


def bronze_work(ledger: Ledger, files: list[FileVersion]) -> str:
    """Say what bronze has to do; empty if nothing, as long as nothing was ever delivered too."""
    checkpoint = load_checkpoint(ledger, BronzeCheckpoint)
    if files and not checkpoint.watermark:
        return "nothing was read yet"
    if checkpoint.replaying:
        return "a replay of quarantined records was interrupted"
    unknown = ledger.unknown(files)
    if unknown:
        return f"{len(unknown):,} new files"
    counts = ledger.counts(FileState.RECEIVED, FileState.CLAIMED)
    if counts:
        return f"{sum(counts.values()):,} files of an interrupted run wait"
    failed = sum(not is_left_out(one.reason) for one in ledger.files(FileState.FAILED))
    return f"{failed:,} files could not be read, and are tried again" if failed else ""


def has_read(ledger: Ledger) -> bool:
    """Tell whether bronze has read anything yet."""
    return bool(load_checkpoint(ledger, BronzeCheckpoint).watermark)


def silver_work(ledger: Ledger, sources: Sources, *, full_refresh: bool = False) -> str:
    """Say what silver has to do with bronze as it is; empty if nothing."""
    if full_refresh:
        return "a full refresh was requested"
    if not has_read(ledger):
        return ""
    checkpoint = load_checkpoint(ledger, SilverCheckpoint)
    if checkpoint.bronze_instant != load_checkpoint(ledger, BronzeCheckpoint).watermark:
        return "bronze is ahead"
    return _interrupted(checkpoint) or _changed(checkpoint, silver_fingerprints(sources))


def gold_work(ledger: Ledger, as_of: str) -> str:
    """Say what gold has to do with silver as it is; empty if nothing."""
    checkpoint, silver = load_checkpoint(ledger, GoldCheckpoint), load_checkpoint(ledger, SilverCheckpoint)
    if not silver.has_completed:
        return ""
    if checkpoint.is_behind(silver):
        return "silver is ahead"
    if checkpoint.requested_as_of != as_of:
        return f"as_of is now {as_of or 'the newest discharge'}"
    return _interrupted(checkpoint) or _changed(checkpoint, gold_fingerprints(DEFINITION_VERSION))


def _interrupted(checkpoint: SilverCheckpoint | GoldCheckpoint) -> str:
    return "an earlier run was interrupted" if checkpoint.is_interrupted else ""


def _changed(checkpoint: SilverCheckpoint | GoldCheckpoint, now: Fingerprints) -> str:
    other = changed(checkpoint.fingerprints, now)
    return f"{', '.join(other)} changed" if other else ""
