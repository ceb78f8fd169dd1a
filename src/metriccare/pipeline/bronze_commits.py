"""The commits of bronze.record: their batch ids, and the watermark by which silver learns of them."""

from dataclasses import replace

from metriccare.definitions.tables import RECORD
from metriccare.pipeline.checkpoints import BronzeCheckpoint
from metriccare.pipeline.stage_writer import StageWriter


def publish_watermark(writer: StageWriter) -> None:
    """Save the latest commit as bronze's watermark: after each commit, before its files are marked as done."""
    writer.save(replace(writer.load(BronzeCheckpoint), watermark=writer.lake.latest_commit(RECORD)))


def publish_batch(writer: StageWriter) -> None:
    """Save the latest commit, that of a batch, as bronze's watermark, and add what it has brought.

    Doing it again for the same commit adds nothing: a run that was killed after it is recovered by doing it again.
    """
    checkpoint, latest = writer.load(BronzeCheckpoint), writer.lake.latest_commit(RECORD)
    if latest != checkpoint.watermark:
        written = writer.lake.written(RECORD)
        records, quarantined = checkpoint.records + written.rows, checkpoint.quarantined + written.quarantined
        writer.save(replace(checkpoint, watermark=latest, records=records, quarantined=quarantined))


def unused_batch_id(writer: StageWriter, wanted: str) -> str:
    """Return the batch id, with a number if a commit carries it already: each commit has its own."""
    found, number = wanted, 1
    while writer.lake.commit_of_batch(RECORD, found) is not None:
        number += 1
        found = f"{wanted}-{number}"
    return found
