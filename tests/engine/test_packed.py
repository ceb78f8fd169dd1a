"""Packets: what goes in comes out, each group apart, and nothing of a large table is held twice."""

import random
from collections import Counter

import pyarrow as pa
import pytest

from metriccare.engine import packed
from metriccare.engine.on_spark import _calls
from metriccare.engine.packed import packets_of, tables_of

DDL = "id STRING, tags ARRAY<STRING>"


def batch(groups: list[int], start: int = 0) -> pa.RecordBatch:
    ids = [f"r{start + at}" for at in range(len(groups))]
    return pa.RecordBatch.from_pydict(
        {"group": pa.array(groups, pa.int32()), "id": ids, "tags": [[one, "x"] for one in ids]}
    )


def opened(batches: list[pa.RecordBatch]) -> list[tuple[int, pa.Table]]:
    return [
        (row["group"], tables_of([(row["table"], row["batch"])], {"t": DDL})["t"])
        for one in batches
        for row in one.to_pylist()
    ]


def test_every_row_arrives_in_the_packets_of_its_group() -> None:
    draw = random.Random(3)
    groups = [draw.randrange(5) for _ in range(1000)]
    parts = opened(list(packed.packed([batch(groups[:400]), batch(groups[400:], 400)], "t")))
    assert Counter(dict.fromkeys(range(5), 0) | Counter(groups)) == Counter(
        group for group, table in parts for _ in range(table.num_rows)
    )
    expected = {(group, f"r{at}", f"r{at}") for at, group in enumerate(groups)}
    rows = {(group, row["id"], row["tags"][0]) for group, table in parts for row in table.to_pylist()}
    assert rows == expected


def test_a_worker_packs_before_it_holds_more_than_it_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "ROWS_AT_ONCE", 10)
    parts = opened(list(packed.packed((batch([0] * 10, at * 10) for at in range(5)), "t")))
    assert [table.num_rows for _, table in parts] == [10] * 5


def test_no_rows_are_no_packets_and_a_table_without_packets_is_empty() -> None:
    assert list(packed.packed([batch([])], "t")) == []
    assert tables_of([], {"t": DDL})["t"].num_rows == 0


def test_a_task_is_done_in_parts_which_are_whole_groups() -> None:
    table = pa.table({"id": [f"r{at}" for at in range(10)], "tags": [["x"]] * 10})
    packets = [one for group in (3, 1, 2, 1, 7) for one in packets_of({"t": table}, group)]
    calls = [tables_of(held, {"t": DDL})["t"].num_rows for _, held in _calls(packets, 25)]
    assert calls == [20, 20, 10]  # group 1 has 20 rows; 2 and 3 together; 7
