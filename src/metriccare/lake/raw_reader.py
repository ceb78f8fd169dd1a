"""Reads the texts of raw files, each with the byte offset at which it begins.

A plain file is read in byte ranges, so that NDJSON of any size spreads over tasks in flat memory; a `.gz` file is
one range, and its offsets count decompressed bytes. Small files are packed, many to a task.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import IO, NamedTuple

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.pandas.types import to_arrow_schema

from metriccare.definitions.schemas.contract import struct_of
from metriccare.engine.schema import arrow_schema
from metriccare.errors import InputError, StorageError
from metriccare.fhir.ndjson import (
    EXPANSION_VARIABLE,
    MAX_EXPANSION,
    RawLine,
    decompressed,
    is_compressed,
    raw_lines,
    shape_of,
)
from metriccare.lake import s3
from metriccare.lake.raw_files import RawFile
from metriccare.settings import is_s3

RANGE_BYTES = 32 * 1024 * 1024
BATCH_BYTES = 8 * 1024 * 1024
BATCH_ROWS = 10_000  # of small records, which take a kilobyte each
READ_BYTES = 1024 * 1024
_EXPANSION = 20  # how much larger the text of a compressed file may be expected to be
_COLUMNS = 3  # how much larger rows are than their text: it may be there twice


class ByteRange(NamedTuple):
    """The bytes [start, stop) of one file version: the unit of work of a task."""

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
Columns = Mapping[str, Mapping[str, object]]
"""Values of further columns, by file version."""


def scan(
    spark: SparkSession,
    files: list[RawFile],
    read_text: TextReader,
    schema: str,
    columns: Columns | None = None,
) -> DataFrame:
    """Read every text of the files once, in parallel.

    Args:
        spark: the session.
        files: what to read.
        read_text: turns one text into the columns of its rows: usually one, none for a blank line.
        schema: DDL of the result: `source`, `file`, `file_version`, `read_text`'s columns and further ones.
        columns: the further ones.

    Returns:
        The rows of all texts; lazy, so a file that is changed or deleted is found when the rows are used, and named in
        the error.
    """
    tasks = pack(ranges(files), spark.sparkContext.defaultParallelism)
    rows = spark.sparkContext.parallelize(tasks, max(1, len(tasks))).flatMap(lambda task: task)
    arrow = to_arrow_schema(struct_of(schema))

    def read(batches: Iterable[pa.RecordBatch]) -> Iterable[pa.RecordBatch]:
        for batch in batches:
            for row in batch.to_pylist():
                yield from _to_arrow(_read_range(ByteRange(**row), read_text, columns or {}), arrow)

    return spark.createDataFrame(rows, RANGE_SCHEMA).mapInArrow(read, schema)


def read_here(
    files: list[RawFile], read_text: TextReader, schema: str, columns: Columns, most_bytes: int
) -> pa.Table | None:
    """Read every text of small files once, in this process: the same rows as `scan`.

    Args:
        files: what to read.
        read_text: turns one text into the columns of its rows.
        schema: DDL of the result.
        columns: values of further columns.
        most_bytes: of all texts together, decompressed.

    Returns:
        The rows; None if there is more to read than that.

    Raises:
        InputError: a file can't be read, or is changed or deleted meanwhile.
    """
    if sum(file.size * (_EXPANSION if file.path.endswith(".gz") else 1) for file in files) > most_bytes:
        return None
    batches: list[pa.RecordBatch] = []
    held = 0
    for part in ranges(files):
        for batch in _to_arrow(_read_range(part, read_text, columns), arrow_schema(schema)):
            batches.append(batch)
            held += batch.nbytes
            if held > most_bytes * _COLUMNS:
                return None
    return pa.Table.from_batches(batches, arrow_schema(schema))


def ranges(files: list[RawFile]) -> list[ByteRange]:
    """Split the files into byte ranges of about 32 MB; a compressed file stays whole."""
    return [part for file in files for part in _ranges_of(file)]


def _ranges_of(file: RawFile) -> Iterator[ByteRange]:
    step = max(1, file.size) if file.path.endswith(".gz") else RANGE_BYTES
    for start in range(0, max(1, file.size), step):
        yield ByteRange(file.path, file.version, file.source, start, start + step, file.size, file.stamp)


def pack(parts: list[ByteRange], slots: int) -> list[list[ByteRange]]:
    """Distribute the ranges over tasks of similar size: about one per slot, none much larger than a range."""
    sizes = [min(part.size, RANGE_BYTES) for part in parts]
    limit = max(1, min(RANGE_BYTES, -(-sum(sizes) // max(1, slots))))
    tasks: list[list[ByteRange]] = []
    filled = 0
    for part, size in zip(parts, sizes, strict=True):
        if not tasks or filled + size > limit:
            tasks.append([])
            filled = 0
        filled += size
        tasks[-1].append(part)
    return tasks


def _read_range(part: ByteRange, read_text: TextReader, columns: Columns) -> Iterator[dict[str, object]]:
    version = part.file_version
    where = {"source": part.source, "file": part.path, "file_version": version, **columns.get(version, {})}
    _check_unchanged(part)
    for text in texts_of(part):
        for found in read_text(text):
            yield {**where, **found}
    _check_unchanged(part)


def texts_of(part: ByteRange) -> Iterator[RawLine]:
    """Yield the texts of a range.

    Raises:
        InputError: the file can't be read, or changed meanwhile.
    """
    try:
        is_small = part.start == 0 and part.size <= min(part.stop, RANGE_BYTES)
        yield from _in_memory(part) if is_small else _streamed(part)
    except s3.ChangedError as problem:
        raise InputError(_changed(part.path)) from problem
    except StorageError as problem:
        raise InputError(f"{part.path} can't be read: {problem}") from problem
    except OSError as problem:
        raise InputError(
            f"{part.path} can't be read ({problem.strerror or problem}): make it readable, then run again."
        ) from problem


def _in_memory(part: ByteRange) -> Iterator[RawLine]:
    """Read a file that is a single range at once: with many small files, every additional request counts."""
    with _opened(part, 0) as stream:
        content = stream.read()
    opened = partial(decompressed, max_expansion=_max_expansion()) if is_compressed(content) else nullcontext
    with opened(BytesIO(content)) as stream:
        shape = shape_of(stream)
    with opened(BytesIO(content)) as stream:
        yield from raw_lines(stream, shape)


def _streamed(part: ByteRange) -> Iterator[RawLine]:
    with _opened(part, 0) as stream:
        is_packed = is_compressed(stream.read(2))
    with _opened(part, 0) as stream:
        shape = shape_of(decompressed(stream, _max_expansion()) if is_packed else stream)
    if not is_packed:
        with _opened(part, max(0, part.start - 1)) as stream:
            yield from raw_lines(stream, shape, part.start, part.stop)
    elif part.start == 0:
        with _opened(part, 0) as stream:
            yield from raw_lines(decompressed(stream, _max_expansion()), shape)


def _max_expansion() -> int:
    return int(os.environ.get(EXPANSION_VARIABLE) or MAX_EXPANSION)


@contextmanager
def _opened(part: ByteRange, offset: int) -> Iterator[IO[bytes]]:
    if is_s3(part.path):
        with s3.open_from(part.path, offset, part.stamp) as stream:
            yield stream
    else:
        with Path(part.path).open("rb", buffering=READ_BYTES) as stream:
            stream.seek(offset)
            yield stream


def _check_unchanged(part: ByteRange) -> None:
    """Check that a file on a disk is unchanged; S3 returns one version of an object, or refuses."""
    if is_s3(part.path):
        return
    try:
        stat = Path(part.path).stat()
    except OSError as problem:
        raise InputError(
            f"{part.path} was deleted while it was read ({problem.strerror}): run again."
        ) from problem
    if (stat.st_size, str(stat.st_mtime_ns)) != (part.size, part.stamp):
        raise InputError(_changed(part.path))


def _changed(path: str) -> str:
    return f"{path} changed while it was read: run again when its writer has finished."


def _to_arrow(rows: Iterator[dict[str, object]], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    held: list[dict[str, object]] = []
    size = 0
    for row in rows:
        held.append(row)
        size += len(str(row["body"])) + len(str(row.get("resource") or ""))
        if size >= BATCH_BYTES or len(held) >= BATCH_ROWS:
            yield pa.RecordBatch.from_pylist(held, schema)
            held, size = [], 0
    if held:
        yield pa.RecordBatch.from_pylist(held, schema)
