"""The texts of one file of the raw zone: the lines of NDJSON, or the whole file as one JSON document.

Which of them a file holds, and whether it is compressed, is found by looking at it, never by its name.
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

TEXT_BYTES = 64 * 1024 * 1024  # of the longest line and the largest document that is read
CHUNK_BYTES = 32 * 1024 * 1024  # of a piece of what is larger: it is kept, so that nothing is lost
LOOKED_AT = 100  # lines, in search of one that is a resource, where the first is no JSON
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_GZIP = b"\x1f\x8b"
_BUFFER_BYTES = 1024 * 1024


@dataclass(frozen=True)
class Text:
    """One line or document: what stands there without the line's end, or as much of it as could be had.

    Attributes:
        offset: of its first byte in the (decompressed) file.
        data: the bytes.
        code: why it can't be taken as it is, a reason code of bronze; else empty.
        problem: what was found, for people.
    """

    offset: int
    data: bytes
    code: str = ""
    problem: str = ""


class Shape(Enum):
    """What a file is made of."""

    LINES = auto()
    DOCUMENT = auto()
    TOO_LARGE = auto()  # no lines of JSON, and more than TEXT_BYTES


def is_compressed(head: bytes) -> bool:
    """Tell by its first bytes whether a file is compressed by gzip."""
    return head.startswith(_GZIP)


def shape_of(stream: IO[bytes]) -> Shape:
    """Look at a file from its beginning.

    If the first line that is not blank is a JSON value, the file consists of lines. If it is not, the file is one
    document, unless it is none as a whole and one of its first lines is a resource: then the first one is broken.
    """
    seen = first = b""
    while not first.strip() and (line := stream.readline(TEXT_BYTES + 1)):
        seen += line
        first = line.removeprefix(BYTE_ORDER_MARK)
    if not first.strip() or len(first) > TEXT_BYTES or _is_json(_as_utf8(first)):
        return Shape.LINES
    seen += stream.read(max(0, TEXT_BYTES + 1 - len(seen)))
    is_whole = len(seen) <= TEXT_BYTES
    if not (is_whole and _is_json(seen.removeprefix(BYTE_ORDER_MARK))) and any(
        map(_is_resource, _head(seen))
    ):
        return Shape.LINES
    return Shape.DOCUMENT if is_whole else Shape.TOO_LARGE


def texts(stream: IO[bytes], shape: Shape, start: int = 0, stop: int | None = None) -> Iterator[Text]:
    """Yield the texts of one byte range [start, stop) of a file, each text of a file in exactly one of its ranges.

    Args:
        stream: stands at the byte before `start`, or at its beginning.
        shape: of the file.
        start: of the range; 0 for a file that is read whole.
        stop: its end; None: that of the file.
    """
    if shape is Shape.LINES:
        yield from lines(stream, start, stop)
    elif shape is Shape.DOCUMENT:
        yield from _document(stream) if start == 0 else ()
    else:
        yield from _chunks(stream, start, stop)


def lines(stream: IO[bytes], start: int = 0, stop: int | None = None) -> Iterator[Text]:
    """Yield the lines whose first byte lies in [start, stop); one that runs over the end is read to its end.

    A line of more than `TEXT_BYTES` is yielded in chunks. What a compressed file that breaks off still holds of its
    last line is yielded last, with the problem.
    """
    offset = start
    if start > 0:
        offset = start - 1 + _skip_line(stream)
    while stop is None or offset < stop:
        line = stream.readline(TEXT_BYTES + 1)
        if not line:
            break
        if len(line) > TEXT_BYTES and not line.endswith(b"\n"):
            for chunk in _long_line(stream, offset, line):
                yield chunk
                offset = chunk.offset + len(chunk.data)
            continue
        if not line.endswith(b"\n") and _problem_of(stream):
            yield _broken(offset, line, stream)
            return
        skipped = len(BYTE_ORDER_MARK) if offset == 0 and line.startswith(BYTE_ORDER_MARK) else 0
        yield Text(offset + skipped, line[skipped:].rstrip(b"\r\n"))
        offset += len(line)
    if _problem_of(stream):
        yield _broken(offset, b"", stream)


def _skip_line(stream: IO[bytes]) -> int:
    """Read to the end of the line that an earlier range yields, in flat memory; return how many bytes that are."""
    skipped = 0
    while part := stream.readline(_BUFFER_BYTES):
        skipped += len(part)
        if part.endswith(b"\n"):
            break
    return skipped


def _long_line(stream: IO[bytes], offset: int, begun: bytes) -> Iterator[Text]:
    part = begun
    while part:
        yield _too_large(offset, part)
        offset += len(part)
        part = b"" if part.endswith(b"\n") else stream.readline(CHUNK_BYTES)


def _document(stream: IO[bytes]) -> Iterator[Text]:
    whole = stream.read()
    skipped = len(BYTE_ORDER_MARK) if whole.startswith(BYTE_ORDER_MARK) else 0
    if _problem_of(stream):
        yield _broken(0, whole, stream)
    else:
        yield Text(skipped, whole[skipped:])


def _chunks(stream: IO[bytes], start: int, stop: int | None) -> Iterator[Text]:
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
        yield _broken(offset, b"", stream)


def _too_large(offset: int, data: bytes) -> Text:
    return Text(offset, data, "document_too_large", f"more than {TEXT_BYTES // 1024**2} MiB; a part of it")


def _broken(offset: int, data: bytes, stream: IO[bytes]) -> Text:
    return Text(offset, data, "unreadable", f"the compressed file breaks off here: {_problem_of(stream)}")


def _problem_of(stream: IO[bytes]) -> str:
    return getattr(getattr(stream, "raw", None), "problem", "")


def _head(seen: bytes) -> Iterator[bytes]:
    return islice((line for line in io.BytesIO(seen) if line.strip()), LOOKED_AT)


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
    """Return a line with what is no UTF-8 replaced: one letter in another encoding makes no document of a line."""
    return line.decode("utf-8", "replace").encode()


def unzipped(stream: IO[bytes]) -> IO[bytes]:
    """Return the decompressed bytes of a gzip stream; where it breaks off they end, and the reader knows why."""
    return cast(IO[bytes], io.BufferedReader(_Unzipped(stream), _BUFFER_BYTES))


class _Unzipped(io.RawIOBase):
    """Decompressed bytes as long as there are any.

    Attributes:
        problem: why there are no more, if that is not the end.
    """

    def __init__(self, stream: IO[bytes]) -> None:
        self._file = gzip.GzipFile(fileobj=stream, mode="rb")
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
        buffer[: len(part)] = part
        return len(part)
