"""Bronze takes the files of the raw folder: claimed in the ledger, read in one commit, recovered after any crash.

The steps of `run`, each of which may be its last:

1. `recover_batches` looks at what an interrupted run left claimed. The commit of a batch carries the batch id: if it is
   on the timeline, the files are done, otherwise they are released, and nothing of them is in bronze.
2. `receive` registers the files that are there; the time a version was first seen stays with it.
3. `claim` claims the versions that wait. It marks those that can't be read as failed, and those that were overwritten
   or deleted meanwhile as gone.
4. `take` reads the batch and appends it in one commit, publishes the watermark, and only then marks the files as done.

A failed version is tried again in the next run. One that is gone is not: its path comes back as another version, or as
the same one, which is then received anew.
"""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from py4j.protocol import Py4JJavaError
from pyspark.errors import PythonException
from pyspark.sql import DataFrame, SparkSession

from metriccare import bronze
from metriccare.definitions.tables import RECORD
from metriccare.errors import InputError
from metriccare.lake.deleted import Rows
from metriccare.lake.ledger import FileState
from metriccare.lake.raw_files import RawFile, list_raw
from metriccare.lake.raw_reader import read_here, scan
from metriccare.pipeline.bronze_commits import publish_batch, publish_watermark, unused_batch_id
from metriccare.pipeline.checkpoints import BronzeCheckpoint
from metriccare.pipeline.gone import look_at
from metriccare.pipeline.left_out import SENTENCE, is_left_out
from metriccare.pipeline.quarantine.recover import recover_replay
from metriccare.pipeline.stage_writer import StageWriter, open_stage
from metriccare.pipeline.stages.lost_ledger import restore_files
from metriccare.pipeline.stages.poison import find_poison, is_crash
from metriccare.settings import Lake

log = logging.getLogger(__name__)

BYTES_HERE = 16_000_000  # of text; Spark's tasks read more
NOTHING_READ = (
    "Bronze is still empty: no file could be read. Put NDJSON files (plain or .gz) into the raw folder."
)


@dataclass(frozen=True)
class Batch:
    """The files of one commit.

    Attributes:
        batch_id: what the commit carries.
        files: what is read.
        received_at: by file version, when it was first seen, UTC.
        refused: a sentence for each claimed file that can't be read now, or is gone.
    """

    batch_id: str
    files: tuple[RawFile, ...] = ()
    received_at: tuple[tuple[str, datetime], ...] = ()
    refused: tuple[str, ...] = ()

    @property
    def sentences(self) -> Iterator[str]:
        """Say what is read, and which files are not and why."""
        size = sum(file.size for file in self.files)
        yield f"{len(self.files):,} files to read, {size:,} bytes." if self.files else "No files to read."
        yield from self.refused


@dataclass(frozen=True)
class BronzeRun:
    """What a run of bronze did.

    Attributes:
        recovered: a sentence for each batch or replay of an interrupted run.
        files: how many files the raw folder has.
        refused: a sentence for each file or folder that is not read for its name or place, or because reading it ends
            the process that reads.
        new: how many of them were never seen before.
        batch: what was read.
    """

    recovered: tuple[str, ...]
    files: int
    refused: tuple[str, ...]
    new: int
    batch: Batch


def run(
    spark: SparkSession,
    lake: Lake,
    raw: str,
    received_at: datetime,
    *,
    run_id: str = "",
    ledger_url: str = "",
) -> BronzeRun:
    """Take every file of the raw folder that waits into bronze.

    Args:
        spark: the session.
        lake: the lake.
        raw: the raw folder.
        received_at: now, UTC; kept for each new file version.
        run_id: the run that writes; empty for a new one.
        ledger_url: where the lake's ledger is; empty for the lake's own.

    Raises:
        StageBusyError: another process is writing bronze.
        InputError: see `take`.
    """
    with open_stage(spark, "bronze", lake, run_id, ledger_url) as writer:
        recovered = recover_batches(writer)
        listing = list_raw(raw)
        new = receive(writer, listing.files, received_at)
        batch = claim(writer)
        left_out = take(writer, batch)
    refused = (*listing.refused, *left_out)
    return BronzeRun(tuple(recovered), len(listing.files), refused, new, batch)


def recover_batches(writer: StageWriter) -> list[str]:
    """Finish or release the batches of interrupted runs, and an interrupted replay; return a sentence for each.

    Before that, a ledger that was lost is filled again.

    The stage holds the only lease on bronze, so that whatever is claimed was claimed by a run that is over.
    """
    restored = restore_files(writer)
    batches = writer.ledger.open_batches().items()
    return [
        *restored,
        *(_recovered(writer, batch, len(files)) for batch, files in batches),
        *recover_replay(writer, datetime.now(UTC)),
    ]


def _recovered(writer: StageWriter, batch_id: str, count: int) -> str:
    instant = writer.lake.commit_of_batch(RECORD, batch_id)
    status = "committed" if instant else "never committed"
    log.warning("recover batch", extra={"batch": batch_id, "files": count, "status": status})
    if instant is None:
        writer.ledger.release_claims(writer.stage.lease, batch_id)
        return f"Batch {batch_id} was never committed: its {count:,} files will be read again."
    _finish(writer, batch_id)
    return f"Batch {batch_id} was committed as {instant}: its {count:,} files are marked as done."


def receive(writer: StageWriter, files: Sequence[RawFile], received_at: datetime) -> int:
    """Register the file versions that were never seen before, and return how many those are.

    Args:
        writer: of bronze.
        files: the raw folder as it is now.
        received_at: now, UTC; kept for each version from the first time on.
    """
    new = writer.ledger.register([file.as_version() for file in files], received_at)
    log.info("register files", extra={"files": new})
    return new


def claim(writer: StageWriter) -> Batch:
    """Claim what waits: every version received or failed, wherever it is.

    Returns:
        The batch; empty if nothing waits. Versions that are gone or not readable are marked so, and not in it.
    """
    batch_id = unused_batch_id(writer, writer.run_id)
    waiting = writer.ledger.files(FileState.RECEIVED, FileState.FAILED)
    states = {one.file.version: one.state for one in waiting if not is_left_out(one.reason)}
    claimed = writer.ledger.claim(writer.stage.lease, batch_id, list(states)) if states else []
    suspects = {version for version, state in states.items() if state == FileState.FAILED}
    readable, failed, gone = look_at(claimed, suspects)
    for mark, reasons in ((writer.ledger.fail, failed), (writer.ledger.mark_gone, gone)):
        if reasons:
            mark(writer.stage.lease, reasons)
    size, refused = sum(file.size for file in readable), {**failed, **gone}
    counts = {
        "batch": batch_id,
        "files": len(readable),
        "bytes": size,
        "failed": len(failed),
        "gone": len(gone),
    }
    log.info("claim files", extra=counts)
    return Batch(
        batch_id,
        tuple(readable),
        tuple((one.file.version, one.received_at) for one in claimed if one.file.version not in refused),
        tuple(refused.values()),
    )


def take(writer: StageWriter, batch: Batch) -> tuple[str, ...]:
    """Read the batch into bronze, as one commit; nothing is written for an empty one.

    Returns:
        A sentence for each file that was left out, because reading it ends the process that reads; such a file has
        failed, and is not read again before it changes.

    Raises:
        InputError: a file was changed or deleted while it was read, or can't be read. Nothing of the batch is in
            bronze, and its files wait again; one that can't be read has failed. Or there is nothing to read, and bronze
            does not exist yet.
    """
    left_out: tuple[str, ...] = ()
    if batch.files:
        left_out = _append_without_poison(writer, batch)
        _finish(writer, batch.batch_id)
    if not writer.lake.has(RECORD):
        raise InputError(" ".join((NOTHING_READ, *batch.refused[:3])))
    if not writer.load(BronzeCheckpoint).watermark:  # the ledger was lost, the table was not
        publish_watermark(writer)
    return left_out


def _append_without_poison(writer: StageWriter, batch: Batch) -> tuple[str, ...]:
    """Append the batch; if a file ends the process that reads it, find it, and append the others."""
    try:
        _append(writer, batch)
    except Py4JJavaError as error:
        if not is_crash(error):
            raise
        poison = find_poison(
            batch.files, lambda files: _scan(writer.spark, replace(batch, files=tuple(files)))
        )
        if not poison:
            raise
        reasons = {file.version: SENTENCE.format(path=file.path) for file in poison}
        log.warning("leave out files", extra={"batch": batch.batch_id, "files": len(poison)})
        writer.ledger.fail(writer.stage.lease, reasons)
        rest = replace(batch, files=tuple(file for file in batch.files if file.version not in reasons))
        return (*reasons.values(), *(_append_without_poison(writer, rest) if rest.files else ()))
    return ()


def _append(writer: StageWriter, batch: Batch) -> None:
    try:
        writer.append(RECORD, records_of(writer.spark, batch), batch_id=batch.batch_id)
    except (PythonException, Py4JJavaError, InputError) as problem:
        if is_crash(problem):
            raise
        sentence = str(problem) if isinstance(problem, InputError) else _input_error(str(problem))
        if not sentence:
            raise
        # A task failed, so the commit can't be complete.
        log.warning("release claims", extra={"batch": batch.batch_id, "files": len(batch.files)})
        writer.ledger.release_claims(writer.stage.lease, batch.batch_id)
        writer.ledger.fail(writer.stage.lease, _unreadable(batch, sentence))
        raise InputError(sentence) from problem


def records_of(spark: SparkSession, batch: Batch) -> Rows:
    """Return the records of a batch: of small files as a table of this process, of others as a frame.

    Raises:
        InputError: a small file can't be read, or has changed; of others that is found when they are written.
    """
    found = read_here(list(batch.files), bronze.classify, RECORD.columns, _columns(batch), BYTES_HERE)
    return _scan(spark, batch) if found is None else found


def _scan(spark: SparkSession, batch: Batch) -> DataFrame:
    return scan(spark, list(batch.files), bronze.classify, RECORD.columns, _columns(batch))


def _columns(batch: Batch) -> dict[str, dict[str, object]]:
    """Return the columns that bronze adds, by file version."""
    return {
        version: {"received_at": moment, "batch_id": batch.batch_id} for version, moment in batch.received_at
    }


def _unreadable(batch: Batch, sentence: str) -> dict[str, str]:
    """Return the version that a sentence of the reader is about, if it says that the file can't be read."""
    return {
        file.version: sentence for file in batch.files if sentence.startswith(f"{file.path} can't be read")
    }


def _input_error(text: str) -> str:
    """Return the sentence of the reader's error within Spark's; empty if it is another error."""
    mark = f"{InputError.__module__}.{InputError.__name__}: "
    line = next((line for line in text.splitlines() if mark in line), "")
    return line.partition(mark)[2].strip()


def _finish(writer: StageWriter, batch_id: str) -> None:
    """Publish the watermark, then mark the files as done: in the other order silver might never learn of them."""
    publish_batch(writer)
    writer.ledger.finish(writer.stage.lease, batch_id)
