"""The end of a replay: what bronze holds of it becomes the records' state, also for one that was killed before.

The steps of a replay, each of which may be its last: bronze's state gets the mark `replaying` with the batch id; one
commit, which carries that id, appends what is accepted now; the newest commit is noted, for silver; the records'
states are set; the mark goes. Whoever has bronze next and finds the mark brings the replay to its end.
"""

from datetime import datetime

from pyspark.sql import SparkSession

from metriccare import quality
from metriccare.definitions.tables import RECORD
from metriccare.lake import tables, timeline
from metriccare.lake.ledger import QuarantineEntry, QuarantineState
from metriccare.pipeline.bronze_commits import note_head
from metriccare.pipeline.quarantine.states import in_state
from metriccare.pipeline.stage_writer import Stage
from metriccare.pipeline.watermarks import REPLAYING


def settle(spark: SparkSession, stage: Stage, now: datetime) -> list[str]:
    """Bring a replay that died to its end; return a sentence, or nothing if there is none.

    Args:
        spark: the session.
        stage: bronze.
        now: UTC.
    """
    batch_id = str(stage.state().get(REPLAYING, ""))
    if not batch_id:
        return []
    instant = timeline.commit_of_batch(spark, stage.lake, RECORD, batch_id)
    if instant is None:
        unmark(stage)
        return [f"The replay {batch_id} was never committed: its records are as they were."]
    count = finish(spark, stage, now)
    return [f"The replay {batch_id} was committed as {instant}: {count:,} records are replayed."]


def mark(stage: Stage, batch_id: str) -> None:
    """Note that a replay begins."""
    stage.note({**stage.state(), REPLAYING: batch_id})


def unmark(stage: Stage) -> None:
    """Note that no replay is under way."""
    stage.note({key: value for key, value in stage.state().items() if key != REPLAYING})


def finish(spark: SparkSession, stage: Stage, now: datetime) -> int:
    """Note the newest commit and the state of every record that bronze says was replayed; return how many are new."""
    note_head(spark, stage)
    known = in_state(stage.ledger, QuarantineState.REPLAYED)
    found = quality.replayed(tables.read(spark, stage.lake, RECORD)).collect()
    entries = [
        QuarantineEntry(
            row.file_version, row.position, QuarantineState.REPLAYED, f"accepted by {row.batch_id}", now
        )
        for row in found
        if (row.file_version, row.position) not in known
    ]
    stage.ledger.set_quarantine(entries)
    unmark(stage)
    return len(entries)
