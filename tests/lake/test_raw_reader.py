"""The raw zone: every text of every file exactly once, whatever the files are called and made of."""

import gzip
from pathlib import Path

import pytest
from pyspark.errors import PythonException
from pyspark.sql import Row, SparkSession
from tests.support.steps import steps

from metriccare.bronze import classify
from metriccare.definitions.schemas import INPUT_RECORD
from metriccare.errors import InputError
from metriccare.fhir import ndjson
from metriccare.lake import raw_reader
from metriccare.lake.raw_files import list_files
from metriccare.lake.raw_reader import ByteRange, pack, ranges, read_here, scan

BOM = b"\xef\xbb\xbf"


def write(folder: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def piece(size: int, name: str = "a") -> ByteRange:
    return ByteRange(name, "v", "default", 0, size, size, 0)


def test_a_large_file_is_cut_and_a_compressed_one_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(raw_reader, "RANGE_BYTES", 4)
    write(tmp_path, {"a.ndjson": b"123456789", "b.gz": b"123456789", "c.ndjson": b""})
    cut = [(Path(one.path).name, one.start, one.stop) for one in ranges(list_files(str(tmp_path)))]
    assert cut == [
        ("a.ndjson", 0, 4),
        ("a.ndjson", 4, 8),
        ("a.ndjson", 8, 12),
        ("b.gz", 0, 9),
        ("c.ndjson", 0, 4),
    ]


def test_small_files_are_packed_into_one_task_per_slot() -> None:
    pieces = [piece(10, f"file {n}") for n in range(100)]
    tasks = pack(pieces, slots=4)
    assert [len(task) for task in tasks] == [25] * 4
    assert [one for task in tasks for one in task] == pieces


def test_no_task_is_larger_than_a_range(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raw_reader, "RANGE_BYTES", 10)
    pieces = [piece(size) for size in (10, 10, 3, 3, 3, 3, 10, 0, 0)]
    tasks = pack(pieces, slots=1)
    assert [one for task in tasks for one in task] == pieces
    assert max(sum(one.size for one in task) for task in tasks) == 10


@pytest.mark.parametrize("sizes", [(0, 0), (0, 5)])
def test_an_empty_file_may_come_first(sizes: tuple[int, ...]) -> None:
    assert [one.size for task in pack([piece(size) for size in sizes], slots=1) for one in task] == list(
        sizes
    )


def test_no_files_are_no_tasks() -> None:
    assert pack([], slots=4) == []


def scanned(spark: SparkSession, folder: Path) -> list[Row]:
    rows = scan(spark, list_files(str(folder)), classify, INPUT_RECORD).collect()
    return sorted(rows, key=lambda row: (row.file, int(row.position)))


def resource(id: str) -> bytes:
    return b'{"resourceType": "Patient", "id": "%s"}' % id.encode()


def test_a_scan_finds_every_line_of_every_file_once(
    spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(raw_reader, "RANGE_BYTES", 64)
    folder = write(
        tmp_path,
        {
            "source=north/many.ndjson": b"\n".join(resource(f"m{n}") for n in range(50)),
            "few.ndjson.gz": gzip.compress(resource("g1") + b"\n\n" + resource("g2") + b"\n"),
            "torn.gz": gzip.compress(resource("t1") + b"\n" + resource("t2"))[:-8],
            "many_empty.ndjson": b"",
            "other.txt": BOM + resource("b1") + b"\r\nno json\r\n",
        },
    )
    rows = scanned(spark, folder)
    ids = [row.resource_id for row in rows if row.resource_id]
    assert sorted(ids) == sorted(["b1", "g1", "g2", "t1", *(f"m{n}" for n in range(50))])
    assert {row.source for row in rows if Path(row.file).name == "many.ndjson"} == {"north"}
    assert {row.file_version for row in rows} == {
        file.version for file in list_files(str(folder)) if file.size
    }
    problems = [(Path(row.file).name, row.position, row.reason_code) for row in rows if row.reason_code]
    assert problems == [("other.txt", "44", "not_json"), ("torn.gz", "40", "unreadable")]
    blank_after = len(resource("g1")) + 2
    assert [row.position for row in rows if row.resource_id in ("g1", "g2")] == ["0", str(blank_after)]


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda path: path.write_bytes(path.read_bytes() + resource("late")), "changed while it was read"),
        (lambda path: path.unlink(), "was deleted while it was read"),
    ],
    ids=["grows", "is deleted"],
)
def test_a_file_that_is_spoilt_before_it_is_read_is_named(
    spark: SparkSession, tmp_path: Path, spoil, said
) -> None:
    path = write(tmp_path, {"a.ndjson": resource("a") + b"\n"}) / "a.ndjson"
    files = list_files(str(tmp_path))
    found = scan(spark, files, classify, INPUT_RECORD)
    spoil(path)
    with pytest.raises(PythonException, match=f"{path.name} {said}"):
        found.collect()
    with pytest.raises(InputError, match=f"{path.name} {said}"):
        read_here(files, classify, INPUT_RECORD, {}, MUCH)


MUCH = 1_000_000
COLUMNS = f"{INPUT_RECORD}, batch_id STRING"


def test_small_files_are_read_here_as_by_spark(spark: SparkSession, tmp_path: Path) -> None:
    text = b"\n".join([resource("a"), b"", b"no json", b"\xff", resource("b")])
    contents = {"a.ndjson": text, "b.ndjson.gz": gzip.compress(text), "c.ndjson": b""}
    files = list_files(str(write(tmp_path, contents)))
    batches = {one.version: {"batch_id": Path(one.path).name} for one in files}
    here = read_here(files, classify, COLUMNS, batches, MUCH)
    there = scan(spark, files, classify, COLUMNS, batches)
    assert here is not None
    rows = [row.asDict() for row in there.collect()]
    assert sorted(map(str, here.to_pylist())) == sorted(map(str, rows))
    named = {(Path(row["file"]).name, row["batch_id"]) for row in rows}
    assert named == {(name, name) for name in ("a.ndjson", "b.ndjson.gz")}


def test_what_a_compressed_file_expands_to_has_a_limit_that_can_be_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ndjson, "FREE_BYTES", 2_000_000)
    packed = gzip.compress(resource("a") + b"\n" + b" " * 9_000_000 + b"\n" + resource("b"))
    (bomb,) = list_files(str(write(tmp_path, {"a.ndjson.gz": packed})))
    for limit, codes in (("", [None, "unreadable"]), ("5000", [None, None])):
        monkeypatch.setenv("METRICCARE_MAX_EXPANSION", limit)
        rows = read_here([bomb], classify, INPUT_RECORD, {}, MUCH)
        assert rows is not None
        assert rows["reason_code"].to_pylist() == codes


def test_reading_many_small_files_is_linear_in_their_number(tmp_path: Path) -> None:
    def count(number: int) -> int:
        contents = {f"{n}.ndjson": resource("a") for n in range(number)}
        files = list_files(str(write(tmp_path / str(number), contents)))
        return steps(lambda: read_here(files, classify, INPUT_RECORD, {}, MUCH))

    count(1)  # what is only done once
    assert count(400) < 2.2 * count(200)


@pytest.mark.parametrize(
    "content",
    [{"a.ndjson": resource("a") * 400}, {"a.gz": gzip.compress(b"\n".join([resource("a")] * 4_000))}],
    ids=["large", "large when decompressed"],
)
def test_more_than_a_little_is_not_read_here(tmp_path: Path, content: dict[str, bytes]) -> None:
    files = list_files(str(write(tmp_path, content)))
    assert read_here(files, classify, INPUT_RECORD, {}, 10_000) is None
    assert read_here(files, classify, INPUT_RECORD, {}, MUCH) is not None
