"""The lines of the raw zone's files, each with the byte offset at which it begins.

A plain NDJSON file is read in byte ranges, so that a file of any size spreads over tasks in flat memory; a
`.gz` file is one range, its offsets count decompressed bytes. Small files are packed, many to a task.
"""

import gzip
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, NamedTuple, cast

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.pandas.types import to_arrow_schema

from metriccare import s3
from metriccare.errors import InputError, StorageError
from metriccare.listing import RawFile
from metriccare.schemas import struct_of

RANGE_BYTES = 32 * 1024 * 1024
BATCH_BYTES = 8 * 1024 * 1024
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


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


@dataclass(frozen=True)
class Line:
    """One line of a file: the text without its line end, the offset of its first byte, or why it can't be had."""

    offset: int
    text: bytes
    problem: str = ""


LineReader = Callable[[Line], list[dict[str, object]]]


def scan(spark: SparkSession, files: list[RawFile], read_line: LineReader, schema: str) -> DataFrame:
    """Read every line of the files once, in parallel.

    Args:
        spark: the session.
        files: what to read.
        read_line: turns one line into the columns of its rows: mostly one, none of a blank line.
        schema: DDL of the result: `source`, `file`, `file_version`, then `read_line`'s columns.

    Returns:
        The rows that `read_line` gave of all lines; lazy, so a file that changes or vanishes is found
        when the rows are used, and named in the error.
    """
    tasks = pack(ranges(files), spark.sparkContext.defaultParallelism)
    rows = spark.sparkContext.parallelize(tasks, max(1, len(tasks))).flatMap(lambda task: task)
    arrow = to_arrow_schema(struct_of(schema))

    def read(batches: Iterable[pa.RecordBatch]) -> Iterable[pa.RecordBatch]:
        for batch in batches:
            for row in batch.to_pylist():
                yield from _to_arrow(_read_range(ByteRange(**row), read_line), arrow)

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


def _read_range(piece: ByteRange, read_line: LineReader) -> Iterator[dict[str, object]]:
    where = {"source": piece.source, "file": piece.path, "file_version": piece.file_version}
    _check_unchanged(piece)
    for line in _lines_of(piece):
        for found in read_line(line):
            yield {**where, **found}
    _check_unchanged(piece)


def _lines_of(piece: ByteRange) -> Iterator[Line]:
    is_whole = piece.path.endswith(".gz")
    try:
        with _opened(piece) as stream:
            yield from lines(
                unzipped(stream) if is_whole else stream, piece.start, piece.stop, whole=is_whole
            )
    except s3.ChangedError as problem:
        raise InputError(_changed(piece.path)) from problem
    except StorageError as problem:
        raise InputError(f"{piece.path} can't be read: {problem}") from problem
    except OSError as problem:
        raise InputError(
            f"{piece.path} can't be read ({problem.strerror or problem}): make it readable, then run again."
        ) from problem


@contextmanager
def _opened(piece: ByteRange) -> Iterator[IO[bytes]]:
    """Open a file at the byte before the range, which tells whether a line begins with it."""
    before = max(0, piece.start - 1)
    if s3.is_s3(piece.path):
        with s3.open_from(piece.path, before, piece.stamp) as stream:
            yield stream
    else:
        with Path(piece.path).open("rb", buffering=1024 * 1024) as stream:
            stream.seek(before)
            yield stream


def unzipped(stream: IO[bytes]) -> IO[bytes]:
    """Return the decompressed bytes of a gzip stream."""
    return cast(IO[bytes], gzip.GzipFile(fileobj=stream, mode="rb"))


def lines(stream: IO[bytes], start: int, stop: int, whole: bool = False) -> Iterator[Line]:
    """Yield the lines whose first byte lies in [start, stop); one that runs over the end is read to its end.

    The stream stands at the byte before `start`, or at its beginning. A compressed one that breaks off yields,
    last, a line with the `problem` instead of a text.
    """
    offset = start
    if start > 0:
        offset = start - 1 + len(stream.readline())
    while whole or offset < stop:
        try:
            line = stream.readline()
        except (EOFError, gzip.BadGzipFile, zlib.error) as problem:
            yield Line(offset, b"", f"the compressed file breaks off here: {problem}")
            return
        if not line:
            return
        skipped = len(BYTE_ORDER_MARK) if offset == 0 and line.startswith(BYTE_ORDER_MARK) else 0
        yield Line(offset + skipped, line[skipped:].rstrip(b"\r\n"))
        offset += len(line)


def _check_unchanged(piece: ByteRange) -> None:
    """Look whether a file on a disk is what it was; S3 gives one version of an object, or refuses."""
    if s3.is_s3(piece.path):
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
        size += len(str(row["body"]))
        if size >= BATCH_BYTES:
            yield pa.RecordBatch.from_pylist(held, schema)
            held, size = [], 0
    if held:
        yield pa.RecordBatch.from_pylist(held, schema)
