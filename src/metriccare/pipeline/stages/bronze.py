"""What bronze takes: files claimed in the ledger, read in one commit, and settled after any crash.

The steps of a run, each of which may be its last:

1. `settle` looks at what an earlier run left claimed. Its commit carries the batch id: if it is on the timeline,
   the files are done, else they are given back, and nothing of them is in bronze.
2. `receive` notes the files that lie there; the moment when a version was first seen stays with it.
3. `claim` takes the versions that wait, and sets aside those that can't be read.
4. `take` reads the batch and appends it in one commit, notes the commit, and only then marks the files as done.

A failed version is tried again as long as it lies in the raw folder. One that was changed or has vanished does not
lie there any more, so that nothing tries it again; its path comes back as another version.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from py4j.protocol import Py4JJavaError
from pyspark.errors import PythonException
from pyspark.sql import SparkSession

from metriccare import bronze
from metriccare.definitions import schemas
from metriccare.definitions.tables import RECORD
from metriccare.errors import InputError
from metriccare.lake import tables, timeline
from metriccare.lake.ledger import FileEntry, FileState
from metriccare.lake.raw_files import RawFile, find
from metriccare.lake.raw_reader import scan
from metriccare.lake.storage import has_table
from metriccare.pipeline.bronze_commits import free_batch_id, note_head
from metriccare.pipeline.quarantine.settle import settle as settle_replay
from metriccare.pipeline.stage_writer import Stage
from metriccare.pipeline.watermarks import HEAD


@dataclass(frozen=True)
class Batch:
    """The files of one commit.

    Attributes:
        batch_id: what the commit carries.
        files: what is read.
        received_at: by file version, when it was first seen, UTC.
        refused: a sentence for each claimed file that can't be read now.
    """

    batch_id: str
    files: tuple[RawFile, ...] = ()
    received_at: tuple[tuple[str, datetime], ...] = ()
    refused: tuple[str, ...] = ()

    @property
    def sentences(self) -> Iterator[str]:
        """Say what is read, and which files are not and why."""
        size = sum(file.size for file in self.files)
        yield (
            f"{len(self.files):,} files to read, {size:,} bytes." if self.files else "No file is to be read."
        )
        yield from self.refused


def settle(spark: SparkSession, stage: Stage) -> list[str]:
    """Bring the batches of dead runs to their end, and a replay that died; return a sentence for each.

    The stage holds the only lease on bronze, so that whatever is claimed was claimed by a run that is over.
    """
    batches = stage.ledger.open_batches().items()
    return [
        *(_settled(spark, stage, batch, len(files)) for batch, files in batches),
        *settle_replay(spark, stage, datetime.now(UTC)),
    ]


def _settled(spark: SparkSession, stage: Stage, batch_id: str, count: int) -> str:
    instant = timeline.commit_of_batch(spark, stage.lake, RECORD, batch_id)
    if instant is None:
        stage.ledger.give_back(stage.lease, batch_id)
        return f"The batch {batch_id} was never committed: its {count:,} files wait again."
    _finish(spark, stage, batch_id)
    return f"The batch {batch_id} was committed as {instant}: its {count:,} files are done."


def receive(stage: Stage, files: Sequence[RawFile], received_at: datetime) -> int:
    """Note the file versions that were never seen before, and return how many those are.

    Args:
        stage: bronze.
        files: the raw folder as it is now.
        received_at: now, UTC; kept for each version from the first time on.
    """
    return stage.ledger.register([file.as_version() for file in files], received_at)


def claim(spark: SparkSession, stage: Stage, files: Sequence[RawFile]) -> Batch:
    """Claim what waits: every version received, wherever it lies, and the failed ones of the raw folder.

    Args:
        spark: the session.
        stage: bronze.
        files: the raw folder as it is now.

    Returns:
        The batch; empty if nothing waits. Files that are gone, changed or not readable are failed, not in it.
    """
    batch_id = free_batch_id(spark, stage, stage.run_id)
    waiting = list(_waiting(stage, {file.version for file in files}))
    claimed = stage.ledger.claim(stage.lease, batch_id, waiting) if waiting else []
    readable, refused = _sorted_out(claimed)
    if refused:
        stage.ledger.fail(stage.lease, refused)
    return Batch(
        batch_id,
        tuple(readable),
        tuple((one.file.version, one.received_at) for one in claimed if one.file.version not in refused),
        tuple(refused.values()),
    )


def _waiting(stage: Stage, listed: set[str]) -> Iterator[str]:
    for entry in stage.ledger.files(FileState.RECEIVED, FileState.FAILED):
        if entry.state == FileState.RECEIVED or entry.file.version in listed:
            yield entry.file.version


def _sorted_out(claimed: Sequence[FileEntry]) -> tuple[list[RawFile], dict[str, str]]:
    """Return the files that can be read, and for the other versions the reason why not."""
    readable, refused = [], {}
    for entry in claimed:
        try:
            readable.append(find(entry.file))
        except InputError as problem:
            refused[entry.file.version] = str(problem)
    return readable, refused


def take(spark: SparkSession, stage: Stage, batch: Batch) -> None:
    """Read the batch into bronze, as one commit; nothing is written for an empty one.

    Raises:
        InputError: a file changed or vanished while it was read; nothing of the batch is in bronze, and its files
            wait again. Or there is nothing to read, and bronze does not exist yet.
    """
    if batch.files:
        _append(spark, stage, batch)
        _finish(spark, stage, batch.batch_id)
    if not has_table(stage.lake, RECORD):
        raise InputError(" ".join(("Bronze is empty still: no file could be read.", *batch.refused[:3])))
    if not stage.state().get(HEAD):  # a lake that an earlier version wrote
        note_head(spark, stage)


def _append(spark: SparkSession, stage: Stage, batch: Batch) -> None:
    pieces = scan(spark, list(batch.files), bronze.classify, schemas.INPUT_RECORD)
    records = bronze.records(pieces, dict(batch.received_at), batch.batch_id)
    try:
        tables.append(records, stage.lake, RECORD, stage.run_id, batch_id=batch.batch_id, guard=stage.check)
    except (PythonException, Py4JJavaError) as problem:
        sentence = _input_error(str(problem))
        if not sentence:
            raise
        stage.ledger.give_back(stage.lease, batch.batch_id)  # a task failed, so the commit can't be complete
        raise InputError(sentence) from problem


def _input_error(text: str) -> str:
    """Return the sentence of the reader's error within Spark's, or nothing if it is another one."""
    mark = f"{InputError.__module__}.{InputError.__name__}: "
    said = next((line for line in text.splitlines() if mark in line), "")
    return said.partition(mark)[2].strip()


def _finish(spark: SparkSession, stage: Stage, batch_id: str) -> None:
    """Note the commit, then that the files are done: in the other order silver might never hear of it."""
    note_head(spark, stage)
    stage.ledger.finish(stage.lease, batch_id)
