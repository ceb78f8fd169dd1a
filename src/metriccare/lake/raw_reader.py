"""The texts of the raw zone's files, each with the byte offset at which it begins.

A plain file is read in byte ranges, so that NDJSON of any size spreads over tasks in flat memory; a `.gz` file is
one range, its offsets count decompressed bytes. Small files are packed, many to a task.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from io import BytesIO
from pathlib import Path
from typing import IO, NamedTuple

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.pandas.types import to_arrow_schema

from metriccare.definitions.schemas.contract import struct_of
from metriccare.errors import InputError, StorageError
from metriccare.fhir.ndjson import RawLine, decompressed, is_compressed, raw_lines, shape_of
from metriccare.lake import s3
from metriccare.lake.raw_files import RawFile
from metriccare.settings import is_s3

RANGE_BYTES = 32 * 1024 * 1024
BATCH_BYTES = 8 * 1024 * 1024
READ_BYTES = 1024 * 1024


class ByteRange(NamedTuple):
    """The part [start, stop) of one file version, the unit of work of a task."""

    path: str
    file_version: str
    source: str
    start: int
    stop: int
    size: int
    stamp: str


RANGE_SCHEMA = (
    "path STRING, file_version STRING, source STRING, start LONG, stop LONG, size LONG, stamp STRING"
)


TextReader = Callable[[RawLine], list[dict[str, object]]]


def scan(spark: SparkSession, files: list[RawFile], read_text: TextReader, schema: str) -> DataFrame:
    """Read every text of the files once, in parallel.

    Args:
        spark: the session.
        files: what to read.
        read_text: turns one text into the columns of its rows: mostly one, none of a blank line.
        schema: DDL of the result: `source`, `file`, `file_version`, then `read_text`'s columns.

    Returns:
        The rows that `read_text` gave of all texts; lazy, so a file that changes or vanishes is found
        when the rows are used, and named in the error.
    """
    tasks = pack(ranges(files), spark.sparkContext.defaultParallelism)
    rows = spark.sparkContext.parallelize(tasks, max(1, len(tasks))).flatMap(lambda task: task)
    arrow = to_arrow_schema(struct_of(schema))

    def read(batches: Iterable[pa.RecordBatch]) -> Iterable[pa.RecordBatch]:
        for batch in batches:
            for row in batch.to_pylist():
                yield from _to_arrow(_read_range(ByteRange(**row), read_text), arrow)

    return spark.createDataFrame(rows, RANGE_SCHEMA).mapInArrow(read, schema)


def ranges(files: list[RawFile]) -> list[ByteRange]:
    """Cut the files into byte ranges of about 32 MB; a compressed file stays whole."""
    return [piece for file in files for piece in _ranges_of(file)]


def _ranges_of(file: RawFile) -> Iterator[ByteRange]:
    step = max(1, file.size) if file.path.endswith(".gz") else RANGE_BYTES
    for start in range(0, max(1, file.size), step):
        yield ByteRange(file.path, file.version, file.source, start, start + step, file.size, file.stamp)


def pack(pieces: list[ByteRange], slots: int) -> list[list[ByteRange]]:
    """Share the ranges out to tasks of similar size: about one per slot, none much above one range's size."""
    sizes = [min(piece.size, RANGE_BYTES) for piece in pieces]
    limit = max(1, min(RANGE_BYTES, -(-sum(sizes) // max(1, slots))))
    tasks: list[list[ByteRange]] = []
    filled = 0
    for piece, size in zip(pieces, sizes, strict=True):
        if not tasks or filled + size > limit:
            tasks.append([])
            filled = 0
        filled += size
        tasks[-1].append(piece)
    return tasks


def _read_range(piece: ByteRange, read_text: TextReader) -> Iterator[dict[str, object]]:
    where = {"source": piece.source, "file": piece.path, "file_version": piece.file_version}
    _check_unchanged(piece)
    for text in texts_of(piece):
        for found in read_text(text):
            yield {**where, **found}
    _check_unchanged(piece)


def texts_of(piece: ByteRange) -> Iterator[RawLine]:
    """Yield the texts of a range.

    Raises:
        InputError: the file can't be read, or changed meanwhile.
    """
    try:
        is_small = piece.start == 0 and piece.size <= min(piece.stop, RANGE_BYTES)
        yield from _in_memory(piece) if is_small else _streamed(piece)
    except s3.ChangedError as problem:
        raise InputError(_changed(piece.path)) from problem
    except StorageError as problem:
        raise InputError(f"{piece.path} can't be read: {problem}") from problem
    except OSError as problem:
        raise InputError(
            f"{piece.path} can't be read ({problem.strerror or problem}): make it readable, then run again."
        ) from problem


def _in_memory(piece: ByteRange) -> Iterator[RawLine]:
    """Read a file that is one range at once: of many small ones each costs a look and a read."""
    with _opened(piece, 0) as stream:
        content = stream.read()
    opened = decompressed if is_compressed(content) else nullcontext
    with opened(BytesIO(content)) as stream:
        shape = shape_of(stream)
    with opened(BytesIO(content)) as stream:
        yield from raw_lines(stream, shape)


def _streamed(piece: ByteRange) -> Iterator[RawLine]:
    with _opened(piece, 0) as stream:
        is_packed = is_compressed(stream.read(2))
    with _opened(piece, 0) as stream:
        shape = shape_of(decompressed(stream) if is_packed else stream)
    if not is_packed:
        with _opened(piece, max(0, piece.start - 1)) as stream:
            yield from raw_lines(stream, shape, piece.start, piece.stop)
    elif piece.start == 0:
        with _opened(piece, 0) as stream:
            yield from raw_lines(decompressed(stream), shape)


@contextmanager
def _opened(piece: ByteRange, offset: int) -> Iterator[IO[bytes]]:
    if is_s3(piece.path):
        with s3.open_from(piece.path, offset, piece.stamp) as stream:
            yield stream
    else:
        with Path(piece.path).open("rb", buffering=READ_BYTES) as stream:
            stream.seek(offset)
            yield stream


def _check_unchanged(piece: ByteRange) -> None:
    """Look whether a file on a disk is what it was; S3 gives one version of an object, or refuses."""
    if is_s3(piece.path):
        return
    try:
        stat = Path(piece.path).stat()
    except OSError as problem:
        raise InputError(
            f"{piece.path} vanished while it was read ({problem.strerror}): run again."
        ) from problem
    if (stat.st_size, str(stat.st_mtime_ns)) != (piece.size, piece.stamp):
        raise InputError(_changed(piece.path))


def _changed(path: str) -> str:
    return f"{path} changed while it was read: run again when its writer has finished."


def _to_arrow(rows: Iterator[dict[str, object]], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    held: list[dict[str, object]] = []
    size = 0
    for row in rows:
        held.append(row)
        size += len(str(row["body"])) + len(str(row.get("resource") or ""))
        if size >= BATCH_BYTES:
            yield pa.RecordBatch.from_pylist(held, schema)
            held, size = [], 0
    if held:
        yield pa.RecordBatch.from_pylist(held, schema)
