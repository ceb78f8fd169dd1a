"""The raw lines of a file: NDJSON or one document, each once with its offset; detected from content, not name."""

import gzip
import io
import json
import random
import tracemalloc
from collections.abc import Iterator
from typing import IO

import pytest

from metriccare.fhir import ndjson as module
from metriccare.fhir.ndjson import RawLine, Shape, decompressed, is_compressed, lines, raw_lines, shape_of

BOM = b"\xef\xbb\xbf"
CONTENTS = {
    "plain": b"one\ntwo\nthree\n",
    "no final newline": b"one\ntwo\nthree",
    "CRLF": b"one\r\ntwo\r\nthree\r\n",
    "blank lines": b"\n\none\n\n  \ntwo\n\n",
    "byte order mark": BOM + b"one\ntwo\n",
    "many bytes a character": "größe\n\U0001f3e5 Süd\n".encode(),
    "one line": b"one",
    "empty": b"",
}


def at(content: bytes, start: int) -> io.BytesIO:
    """Open the content at the byte before a range."""
    return io.BytesIO(content[max(0, start - 1) :])


def read(content: bytes, size: int) -> list[RawLine]:
    """Return the lines that consecutive ranges of `size` bytes yield."""
    starts = range(0, max(1, len(content)), size)
    return [line for start in starts for line in lines(at(content, start), start, start + size)]


@pytest.mark.parametrize("content", CONTENTS.values(), ids=CONTENTS.keys())
def test_ranges_of_any_size_yield_every_line_once(content: bytes) -> None:
    whole = read(content, max(1, len(content)))
    assert [line.data for line in whole] == content.removeprefix(BOM).splitlines()
    for size in range(1, len(content) + 2):
        assert read(content, size) == whole


@pytest.mark.parametrize("content", CONTENTS.values(), ids=CONTENTS.keys())
def test_the_offset_is_the_position_of_the_line_in_the_file(content: bytes) -> None:
    for line in read(content, 4):
        assert content[line.offset :].startswith(line.data)
        assert line.offset == 0 or content[line.offset - 1 : line.offset] in (b"\n", BOM[-1:])


def test_random_lines_are_yielded_once_by_random_ranges() -> None:
    chance = random.Random(7)
    for _ in range(200):
        content = bytes(chance.choice(b"ab{}\r\n\n") for _ in range(chance.randrange(60)))
        whole = list(lines(io.BytesIO(content), 0, len(content)))
        assert read(content, chance.randrange(1, 20)) == whole
        assert len(whole) == content.count(b"\n") + (not content.endswith(b"\n") and content != b"")


def test_a_byte_order_mark_inside_a_file_stays() -> None:
    assert read(b"one\n" + BOM + b"two\n", 100)[1] == RawLine(4, BOM + b"two")


def torn(text: bytes, keep: float) -> IO[bytes]:
    packed = gzip.compress(text)
    return decompressed(io.BytesIO(packed[: int(len(packed) * keep)]))


def test_a_compressed_file_is_read_as_one_range() -> None:
    packed = gzip.compress(b"one\ntwo")
    assert is_compressed(packed)
    assert list(lines(decompressed(io.BytesIO(packed)))) == [RawLine(0, b"one"), RawLine(4, b"two")]


def test_a_truncated_compressed_file_yields_its_complete_lines_then_the_rest_with_the_problem() -> None:
    written = [f"line {n} {random.Random(n).random()}".encode() for n in range(20_000)]
    *found, last = lines(torn(b"\n".join(written), keep=0.5))
    assert 0 < len(found) < len(written)
    assert [line.data for line in found] == written[: len(found)]
    assert written[len(found)].startswith(last.data)
    assert last.code == "unreadable"
    assert last.problem.startswith("the compressed file is truncated or corrupt here")
    assert last.offset == found[-1].offset + len(found[-1].data) + 1


@pytest.mark.parametrize("shape", Shape)
def test_a_truncated_compressed_file_loses_nothing_readable(shape: Shape) -> None:
    text = b"".join(b'{"a": %d}\n' % n for n in range(50_000))
    *found, last = raw_lines(torn(text, keep=0.7), shape)
    assert last.code == "unreadable"
    if shape is Shape.LINES:
        assert text.startswith(b"".join(line.data + b"\n" for line in found) + last.data)
    else:
        assert text.startswith(b"".join(part.data for part in [*found, last]))
    assert sum(len(part.data) for part in [*found, last]) > len(text) / 3


def test_bytes_after_the_end_of_a_compressed_file_are_reported() -> None:
    (*found, last) = lines(decompressed(io.BytesIO(gzip.compress(b"one\ntwo\n") + b"rubbish")))
    assert [line.data for line in found] == [b"one", b"two"]
    assert (last.code, last.data, last.offset) == ("unreadable", b"", 8)


RESOURCE = b'{"resourceType": "Patient", "id": "p1"}'
PRETTY = json.dumps(
    {"resourceType": "Bundle", "entry": [{"resource": json.loads(RESOURCE)}]}, indent=2
).encode()
SHAPES = {
    "a resource a line": (RESOURCE + b"\n" + RESOURCE, Shape.LINES),
    "one resource on one line": (RESOURCE, Shape.LINES),
    "one resource on many": (PRETTY, Shape.DOCUMENT),
    "a byte-order mark before a document": (module.BYTE_ORDER_MARK + PRETTY, Shape.DOCUMENT),
    "a byte-order mark before lines": (module.BYTE_ORDER_MARK + RESOURCE + b"\nx", Shape.LINES),
    "blank lines first": (b"\r\n \n" + RESOURCE + b"\n{", Shape.LINES),
    "blank lines before a document": (b"\n\n" + PRETTY, Shape.DOCUMENT),
    "nothing": (b"", Shape.LINES),
    "blanks only": (b" \n\t\n", Shape.LINES),
    "a first line in another encoding": (b'{"resourceType": "M\xfcller"}\n' + RESOURCE, Shape.LINES),
    "only lines in another encoding": (b'{"name": "M\xfcller"}\n{"name": "\xe9"}', Shape.LINES),
    "a first line that is torn": (b'{"resourceType": "Pat\n' + RESOURCE, Shape.LINES),
    "ten lines that are torn": (b'{"x": \n' * 10 + RESOURCE + b"\n", Shape.LINES),
    "a document that is torn": (PRETTY[:-20], Shape.DOCUMENT),
    "a list with a resource on a line of its own": (b"[\n" + RESOURCE + b"\n]", Shape.DOCUMENT),
    "a text that is no JSON": (b"Dear colleague,\nplease find attached\n", Shape.DOCUMENT),
}


@pytest.mark.parametrize(("content", "shape"), SHAPES.values(), ids=SHAPES.keys())
def test_the_format_of_a_file_is_detected_from_its_content(content: bytes, shape: Shape) -> None:
    assert shape_of(io.BytesIO(content)) is shape


def test_a_flood_of_blank_lines_is_passed_in_linear_time_and_constant_memory() -> None:
    """Counted, not timed: each byte is read once and kept nowhere."""
    flood = _Counting(b"\n" * 300_000 + RESOURCE)
    tracemalloc.start()
    assert shape_of(flood) is Shape.LINES
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert flood.given == 300_000 + len(RESOURCE)
    assert peak < 100_000


class _Counting(io.BytesIO):
    """A stream that counts the bytes that it gives."""

    given = 0

    def readline(self, size: int | None = -1) -> bytes:
        line = super().readline(size)
        self.given += len(line)
        return line


def test_a_compressed_file_that_expands_beyond_measure_ends_early_and_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "FREE_BYTES", 100_000)
    packed = gzip.compress(RESOURCE + b"\n" + b" " * 20_000_000 + b"\n" + RESOURCE)
    *_, last = raw_lines(decompressed(io.BytesIO(packed)), Shape.LINES)
    assert last.code == "unreadable"
    assert "expands to over 200 times its size (METRICCARE_MAX_EXPANSION" in last.problem
    assert last.offset + len(last.data) < 300 * len(packed)


def test_the_limit_can_be_set_and_small_files_have_none(monkeypatch: pytest.MonkeyPatch) -> None:
    packed = gzip.compress(b" " * 2_000_000 + RESOURCE)
    assert decompressed(io.BytesIO(packed)).read().endswith(RESOURCE)
    monkeypatch.setattr(module, "FREE_BYTES", 100_000)
    assert decompressed(io.BytesIO(packed), max_expansion=2000).read().endswith(RESOURCE)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(module, "MAX_LINE_BYTES", 100)
    monkeypatch.setattr(module, "CHUNK_BYTES", 40)
    yield


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    ("content", "shape"),
    [
        (b"{\n" + b" " * 98, Shape.DOCUMENT),
        (b"{\n" + b" " * 99, Shape.TOO_LARGE),
        (b"{\n" * 30 + RESOURCE + b"\n", Shape.LINES),
        (b"x" * 101 + b"\n" + RESOURCE, Shape.LINES),
        (b"\n" * 150 + RESOURCE, Shape.LINES),
    ],
)
def test_a_document_has_a_maximum_size_and_ndjson_has_none(content: bytes, shape: Shape) -> None:
    assert shape_of(io.BytesIO(content)) is shape


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("size", [7, 40, 64, 1000])
def test_a_document_that_is_too_large_is_kept_in_chunks(size: int) -> None:
    content = bytes(random.Random(3).choice(b"ab{\n") for _ in range(333))
    found = [
        part
        for start in range(0, len(content), size)
        for part in raw_lines(at(content, start), Shape.TOO_LARGE, start, start + size)
    ]
    assert b"".join(part.data for part in found) == content
    assert {part.code for part in found} == {"document_too_large"}
    assert all(content[part.offset :].startswith(part.data) for part in found)
    assert max(len(part.data) for part in found) <= 40


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("size", [30, 64, 1000])
def test_a_line_that_is_too_long_is_kept_in_chunks_and_the_others_are_read(size: int) -> None:
    content = b"one\n" + b"x" * 250 + b"\n" + b"three\n"
    found = read(content, size)
    assert [line.data for line in found if not line.code] == [b"one", b"three"]
    long = [line for line in found if line.code]
    assert b"".join(line.data for line in long) == b"x" * 250 + b"\n"
    assert {line.code for line in long} == {"document_too_large"}
    assert all(content[line.offset :].startswith(line.data) for line in found)


@pytest.mark.parametrize("size", [10, 1000])
def test_a_document_belongs_to_the_range_it_starts_in(size: int) -> None:
    content = module.BYTE_ORDER_MARK + PRETTY
    found = [
        part
        for start in range(0, len(content), size)
        for part in raw_lines(at(content, start), Shape.DOCUMENT, start, start + size)
    ]
    assert found == [RawLine(3, PRETTY)]
