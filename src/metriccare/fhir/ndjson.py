"""Reads a file of the raw zone as raw lines: the lines of NDJSON, or the whole file as one JSON document.

Format and compression are detected from the content, never from the file name.
"""

import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum, auto
from itertools import islice
from typing import IO, Any, cast

import orjson

MAX_LINE_BYTES = 64 * 1024 * 1024  # longest line and largest document that is read
CHUNK_BYTES = 32 * 1024 * 1024  # anything larger is kept in chunks of this size, so that nothing is lost
EXPANSION_VARIABLE = "METRICCARE_MAX_EXPANSION"
MAX_EXPANSION = 200  # times the size of a compressed file; FHIR expands to 10 to 30 times
FREE_BYTES = MAX_LINE_BYTES  # that any compressed file may expand to
LINES_SAMPLED = 100  # lines searched for a resource if the first line is not JSON
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_GZIP = b"\x1f\x8b"
_BUFFER_BYTES = 1024 * 1024


@dataclass(frozen=True)
class RawLine:
    """One line or document, without the newline, or as much of it as could be read.

    Attributes:
        offset: of its first byte in the (decompressed) file.
        data: the bytes.
        code: reason code of bronze if the line must be quarantined, else empty.
        problem: details for that reason.
    """

    offset: int
    data: bytes
    code: str = ""
    problem: str = ""


class Shape(Enum):
    """The format of a file."""

    LINES = auto()
    DOCUMENT = auto()
    TOO_LARGE = auto()  # not NDJSON, and larger than MAX_LINE_BYTES


def is_compressed(head: bytes) -> bool:
    """Return whether a file is compressed with gzip, from its first bytes."""
    return head.startswith(_GZIP)


def shape_of(stream: IO[bytes]) -> Shape:
    """Detect the format of a file, read from its start.

    If the first line that is not blank is a JSON value, the file is NDJSON. If not, it is one document, unless the
    whole file is not JSON and one of its first lines is a resource: then only the first line is broken.
    """
    blank, first = _first_line(stream)
    if not first.strip() or len(first) > MAX_LINE_BYTES or _is_json(_as_utf8(first)):
        return Shape.LINES
    seen = first + stream.read(max(0, MAX_LINE_BYTES + 1 - blank - len(first)))
    is_whole = blank + len(seen) <= MAX_LINE_BYTES
    if not (is_whole and _is_json(seen)) and any(map(_is_resource, _head(seen))):
        return Shape.LINES
    return Shape.DOCUMENT if is_whole else Shape.TOO_LARGE


def _first_line(stream: IO[bytes]) -> tuple[int, bytes]:
    """Return how many bytes blank lines take at the start, and the first line that is not blank, or the last one."""
    blank, line = 0, b""
    while read := stream.readline(MAX_LINE_BYTES + 1):
        line = read if blank else read.removeprefix(BYTE_ORDER_MARK)
        if line.strip():
            break
        blank += len(read)
    return blank, line


def raw_lines(stream: IO[bytes], shape: Shape, start: int = 0, stop: int | None = None) -> Iterator[RawLine]:
    """Yield the raw lines of one byte range [start, stop) of a file; each line belongs to exactly one range.

    Args:
        stream: positioned at the byte before `start`, or at the start of the file.
        shape: format of the file.
        start: start of the range; 0 if the whole file is read.
        stop: end of the range; None means the end of the file.
    """
    if shape is Shape.LINES:
        yield from lines(stream, start, stop)
    elif shape is Shape.DOCUMENT:
        yield from _document(stream) if start == 0 else ()
    else:
        yield from _chunks(stream, start, stop)


def lines(stream: IO[bytes], start: int = 0, stop: int | None = None) -> Iterator[RawLine]:
    """Yield the lines whose first byte is in [start, stop); the last one is read beyond `stop`.

    A line of more than `MAX_LINE_BYTES` is yielded in chunks. For a truncated compressed file, what is left of the last
    line is yielded with the problem.
    """
    offset = start
    if start > 0:
        offset = start - 1 + _skip_line(stream)
    while stop is None or offset < stop:
        line = stream.readline(MAX_LINE_BYTES + 1)
        if not line:
            break
        if len(line) > MAX_LINE_BYTES and not line.endswith(b"\n"):
            for chunk in _long_line(stream, offset, line):
                yield chunk
                offset = chunk.offset + len(chunk.data)
            continue
        if not line.endswith(b"\n") and _problem_of(stream):
            yield _truncated(offset, line, stream)
            return
        skipped = len(BYTE_ORDER_MARK) if offset == 0 and line.startswith(BYTE_ORDER_MARK) else 0
        yield RawLine(offset + skipped, line[skipped:].rstrip(b"\r\n"))
        offset += len(line)
    if _problem_of(stream):
        yield _truncated(offset, b"", stream)


def _skip_line(stream: IO[bytes]) -> int:
    """Skip the line that belongs to the previous range, in constant memory; return its number of bytes."""
    skipped = 0
    while part := stream.readline(_BUFFER_BYTES):
        skipped += len(part)
        if part.endswith(b"\n"):
            break
    return skipped


def _long_line(stream: IO[bytes], offset: int, start: bytes) -> Iterator[RawLine]:
    part = start
    while part:
        yield _too_large(offset, part)
        offset += len(part)
        part = b"" if part.endswith(b"\n") else stream.readline(CHUNK_BYTES)


def _document(stream: IO[bytes]) -> Iterator[RawLine]:
    whole = stream.read()
    skipped = len(BYTE_ORDER_MARK) if whole.startswith(BYTE_ORDER_MARK) else 0
    if _problem_of(stream):
        yield _truncated(0, whole, stream)
    else:
        yield RawLine(skipped, whole[skipped:])


def _chunks(stream: IO[bytes], start: int, stop: int | None) -> Iterator[RawLine]:
    if start > 0:
        stream.read(1)
    offset = start
    while stop is None or offset < stop:
        chunk = stream.read(CHUNK_BYTES if stop is None else min(CHUNK_BYTES, stop - offset))
        if not chunk:
            break
        yield _too_large(offset, chunk)
        offset += len(chunk)
    if _problem_of(stream):
        yield _truncated(offset, b"", stream)


def _too_large(offset: int, data: bytes) -> RawLine:
    return RawLine(
        offset, data, "document_too_large", f"more than {MAX_LINE_BYTES // 1024**2} MiB; this is a part of it"
    )


def _truncated(offset: int, data: bytes, stream: IO[bytes]) -> RawLine:
    return RawLine(
        offset, data, "unreadable", f"the compressed file is truncated or corrupt here: {_problem_of(stream)}"
    )


def _problem_of(stream: IO[bytes]) -> str:
    return getattr(getattr(stream, "raw", None), "problem", "")


def _head(seen: bytes) -> Iterator[bytes]:
    return islice((line for line in io.BytesIO(seen) if line.strip()), LINES_SAMPLED)


def _is_resource(line: bytes) -> bool:
    value = _value(line)
    return isinstance(value, dict) and isinstance(value.get("resourceType"), str)


def _is_json(text: bytes) -> bool:
    try:
        orjson.loads(text)
    except orjson.JSONDecodeError:
        return False
    return True


def _value(text: bytes) -> Any:
    with suppress(orjson.JSONDecodeError):
        return orjson.loads(text)
    return None


def _as_utf8(line: bytes) -> bytes:
    """Return a line with invalid UTF-8 replaced, since one wrong byte does not turn a line into a document."""
    return line.decode("utf-8", "replace").encode()


def decompressed(stream: IO[bytes], max_expansion: int = MAX_EXPANSION) -> IO[bytes]:
    """Return the decompressed bytes of a gzip stream.

    One that is truncated, or expands beyond measure, ends early, with its problem recorded.

    Args:
        stream: at its start.
        max_expansion: how many times its size it may expand to.
    """
    return cast(IO[bytes], io.BufferedReader(_Decompressed(stream, max_expansion), _BUFFER_BYTES))


class _Decompressed(io.RawIOBase):
    """Decompressed bytes, up to the end or the first error.

    Attributes:
        problem: the error; empty at a normal end.
    """

    def __init__(self, stream: IO[bytes], max_expansion: int) -> None:
        self._source = _Counted(stream)
        self._file = gzip.GzipFile(fileobj=cast(IO[bytes], self._source), mode="rb")
        self._limit = max_expansion
        self._given = 0
        self.problem = ""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if self.problem:
            return 0
        try:
            part = self._file.read1(len(buffer))
        except (EOFError, gzip.BadGzipFile, zlib.error) as problem:
            self.problem = str(problem)
            return 0
        self._given += len(part)
        if self._given > max(FREE_BYTES, self._limit * self._source.count):
            self.problem = (
                f"it expands to over {self._limit} times its size ({EXPANSION_VARIABLE} sets another limit)"
            )
            return 0
        buffer[: len(part)] = part
        return len(part)


class _Counted:
    """A stream that counts the bytes that were read of it."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.count = 0

    def read(self, size: int = -1) -> bytes:
        part = self._stream.read(size)
        self.count += len(part)
        return part
