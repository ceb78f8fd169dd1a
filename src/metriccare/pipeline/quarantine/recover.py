"""How a replay ends: what bronze holds of it becomes the records' state, also after it was interrupted.

The steps of a replay, each of which may be its last: bronze's checkpoint names its batch id as `replaying`; one commit,
which carries that id, appends what is accepted now; the watermark is published for silver; the records' states are set;
the checkpoint is cleared. Whoever holds bronze next and finds `replaying` set finishes the replay.
"""

import logging
from dataclasses import replace
from datetime import datetime

from metriccare import quality
from metriccare.definitions.tables import RECORD
from metriccare.lake.ledger import QuarantineEntry, QuarantineState
from metriccare.pipeline.bronze_commits import publish_watermark
from metriccare.pipeline.checkpoints import BronzeCheckpoint
from metriccare.pipeline.quarantine.states import in_state
from metriccare.pipeline.stage_writer import StageWriter

log = logging.getLogger(__name__)


def recover_replay(writer: StageWriter, now: datetime) -> list[str]:
    """Finish or forget a replay that was interrupted; return a sentence, or nothing if there is none.

    Args:
        writer: of bronze.
        now: UTC.
    """
    batch_id = writer.load(BronzeCheckpoint).replaying
    if not batch_id:
        return []
    instant = writer.lake.commit_of_batch(RECORD, batch_id)
    status = "committed" if instant else "never committed"
    log.warning("recover replay", extra={"batch": batch_id, "status": status})
    if instant is None:
        set_replaying(writer, "")
        return [f"Replay {batch_id} was never committed: its records are unchanged."]
    count = finish(writer, now)
    return [f"Replay {batch_id} was committed as {instant}: {count:,} records are replayed."]


def set_replaying(writer: StageWriter, batch_id: str) -> None:
    """Save that a replay begins, or with an empty batch id that none is under way."""
    writer.save(replace(writer.load(BronzeCheckpoint), replaying=batch_id))


def finish(writer: StageWriter, now: datetime) -> int:
    """Publish the watermark and set the state of the records that were replayed; return how many are new."""
    publish_watermark(writer)
    known = in_state(writer.ledger, QuarantineState.REPLAYED)
    found = quality.replayed(writer.lake.read(RECORD)).collect()
    entries = [
        QuarantineEntry(
            row.file_version, row.position, QuarantineState.REPLAYED, f"accepted by {row.batch_id}", now
        )
        for row in found
        if (row.file_version, row.position) not in known
    ]
    writer.ledger.set_quarantine(entries)
    set_replaying(writer, "")
    return len(entries)
