"""Reads quarantined records again with the present code; accepted ones count as if they had been accepted at first."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from pyspark.sql import DataFrame, Row
from pyspark.sql import functions as F

from metriccare import quality
from metriccare.bronze.input_record import InputRecord
from metriccare.bronze.reclassify import reclassify
from metriccare.definitions.schemas import INPUT_RECORD
from metriccare.definitions.schemas.contract import struct_of
from metriccare.definitions.tables import QUARANTINE, RECORD
from metriccare.lake.ledger import QuarantineState
from metriccare.lake.tables import SparkLake
from metriccare.pipeline.bronze_commits import unused_batch_id
from metriccare.pipeline.quarantine.reasons import counts_in_words
from metriccare.pipeline.quarantine.record import Record
from metriccare.pipeline.quarantine.recover import finish, recover_replay, set_replaying
from metriccare.pipeline.quarantine.states import in_state
from metriccare.pipeline.quarantine.text import original
from metriccare.pipeline.stage_writer import StageWriter
from metriccare.quality.replayed import REPLAY

Reread = Callable[[str, bytes, str | None], list[InputRecord]]
_MORE = "received_us LONG, of_position STRING, is_taken BOOLEAN"  # of the record that was read again


@dataclass(frozen=True)
class Replay:
    """What a replay did.

    Attributes:
        recovered: a sentence about an earlier replay that was interrupted.
        batch_id: what the commit carries; empty if nothing was appended.
        accepted: how many quarantined records are accepted now.
        appended: how many records they became: for a Bundle one per entry.
        refused: how many were refused again, by reason code; their states are unchanged.
    """

    recovered: tuple[str, ...] = ()
    batch_id: str = ""
    accepted: int = 0
    appended: int = 0
    refused: Counter[str] = field(default_factory=Counter)

    @property
    def sentences(self) -> Iterator[str]:
        """Say what was replayed, what was refused again and why, and what to do next."""
        yield from self.recovered
        if self.accepted:
            yield (
                f"{_records(self.accepted)} accepted now: {self.appended:,} in bronze, as batch {self.batch_id}. "
                "`metriccare run` processes them in silver and gold."
            )
        if self.refused:
            reasons = counts_in_words(self.refused)
            yield f"{_records(self.refused.total())} refused again: {reasons}. Their states are unchanged."
        if not self.accepted and not self.refused:
            yield "Nothing to replay."


def replay(
    writer: StageWriter,
    records: Sequence[Record],
    now: datetime,
    reread: Reread = reclassify,
) -> Replay:
    """Read quarantined records again, and append those that are accepted now to bronze, in one commit.

    They keep their file, position, source and time of receipt. If some entries of a Bundle are refused, these are
    appended too, as new quarantined records. What was replayed before, also by an interrupted replay, is skipped.

    Args:
        writer: of bronze.
        records: which to read.
        now: UTC; since when they are replayed.
        reread: gives the records of position, text and context of a Bundle.
    """
    recovered = tuple(recover_replay(writer, now))
    done = in_state(writer.ledger, QuarantineState.REPLAYED)
    waiting = [record for record in records if record.key not in done]
    if not waiting:
        return Replay(recovered)
    again = _read_again(writer.lake, waiting, reread).cache()
    accepted, appended, refused = _count(again)
    batch_id = ""
    if accepted:
        batch_id = unused_batch_id(writer, f"{REPLAY}{writer.run_id}")
        set_replaying(writer, batch_id)
        _append(again, writer, batch_id)
    finish(writer, now)
    again.unpersist()
    return Replay(recovered, batch_id, accepted, appended, refused)


def _records(count: int) -> str:
    return f"{count:,} quarantined record{' was' if count == 1 else 's were'}"


def _append(again: DataFrame, writer: StageWriter, batch_id: str) -> None:
    rows = again.filter("is_taken").withColumns(
        {"received_at": F.timestamp_micros("received_us"), "batch_id": F.lit(batch_id)}
    )
    writer.append(RECORD, rows, batch_id=batch_id)


def _read_again(lake: SparkLake, records: Sequence[Record], reread: Reread) -> DataFrame:
    """Return one row per record that the quarantined ones become, with whether any of the same one is accepted."""
    bronze = lake.read(RECORD)
    wanted = lake.spark.createDataFrame(
        [record.key for record in records], "file_version STRING, position STRING"
    )
    refused = (
        bronze.filter(F.col("resource_type") == QUARANTINE)
        .join(wanted, list(RECORD.key), how="left_semi")
        .join(quality.replayed(bronze), list(RECORD.key), how="left_anti")
        .withColumn("received_us", F.unix_micros("received_at"))
    )
    made = f"{INPUT_RECORD}, {_MORE}"
    # Not with Arrow, whose batches count rows: a quarantined text may be a Bundle of many megabytes.
    rows = refused.rdd.flatMap(partial(_reread_one, reread=reread, columns=struct_of(made).names))
    return lake.spark.createDataFrame(rows, made)


def _reread_one(row: Row, reread: Reread, columns: Sequence[str]) -> Iterator[tuple[object, ...]]:
    """Yield what one quarantined record becomes; the record itself if that is nothing, so that it is not lost."""
    was = row.asDict()
    text = original(was["body"], was["body_encoding"])
    found = reread(was["position"], text, was.get("bundle")) or [was]
    is_taken = any(record["resource_type"] != QUARANTINE for record in found)
    kept = {name: was[name] for name in ("source", "file", "file_version", "received_us")}
    for record in found:
        made = {**record, **kept, "of_position": was["position"], "is_taken": is_taken}
        yield tuple(made.get(name) for name in columns)


def _count(again: DataFrame) -> tuple[int, int, Counter[str]]:
    """Return how many records are accepted, how many they became, and the others by reason code."""
    of_record = again.groupBy("file_version", "of_position", "is_taken").agg(
        F.count(F.lit(1)).alias("appended"), F.min("reason_code").alias("reason_code")
    )
    reason = F.when(~F.col("is_taken"), F.col("reason_code")).alias("reason_code")
    counted = of_record.groupBy("is_taken", reason).agg(
        F.count(F.lit(1)).alias("records"), F.sum("appended").alias("appended")
    )
    rows = counted.collect()
    taken = [row for row in rows if row.is_taken]
    refused = Counter({str(row.reason_code): row.records for row in rows if not row.is_taken})
    return sum(row.records for row in taken), sum(row.appended for row in taken), refused
