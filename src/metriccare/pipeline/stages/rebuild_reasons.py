"""Why a stage rebuilds its tables instead of taking what is new."""

from metriccare.definitions.tables import Table, of_layer
from metriccare.pipeline.checkpoints import GoldCheckpoint, SilverCheckpoint
from metriccare.pipeline.fingerprints import Fingerprints, changed
from metriccare.pipeline.stage_writer import StageWriter


def why_rebuild(
    writer: StageWriter,
    checkpoint: SilverCheckpoint | GoldCheckpoint,
    consumed: Table,
    from_instant: str,
    now: Fingerprints,
    full_refresh: bool,
) -> list[str]:
    """Return the reasons in words; none if the stage can go on from its checkpoint, or has never completed.

    Args:
        writer: of the stage.
        checkpoint: of the stage.
        consumed: the table that it consumes.
        from_instant: the last commit of that table that it has taken; empty if none.
        now: what its rows depend on besides other rows.
        full_refresh: the user asked for it.
    """
    if not from_instant:
        return []
    reasons = ["requested by full_refresh"] if full_refresh else []
    if checkpoint.is_rebuilding:
        reasons.append("an earlier rebuild was interrupted")
    other = changed(checkpoint.fingerprints, now)
    if other:
        reasons.append(f"{', '.join(other)} changed")
    if not writer.lake.has_commit(consumed, from_instant):
        reasons.append(
            f"commit {from_instant} of {consumed}, up to which it was read, was archived or deleted"
        )
    missing = [table for table in of_layer(writer.stage.name) if not writer.lake.has(table)]
    if missing:
        reasons.append(f"the table {missing[0]} is missing")
    return reasons
