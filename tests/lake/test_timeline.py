"""The commits of a table: the newest, that of a batch, and the rows between two of them."""

from datetime import datetime
from pathlib import Path

import pytest
from pyspark.sql import DataFrame, SparkSession
from tests.support.builders import condition, records

from metriccare.definitions.tables import RECORD
from metriccare.engine.on_spark import to_frame
from metriccare.lake.tables import SparkLake, TableWriter
from metriccare.lake.timeline import Timeline, read_timeline
from metriccare.settings import Lake

RECEIVED = datetime(2026, 6, 30)


def batch(spark: SparkSession, *ids: str) -> DataFrame:
    received = records(*(condition(id, None) for id in ids), received_at=RECEIVED)
    return to_frame(spark, received, RECORD.columns)


@pytest.fixture(scope="module")
def written(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> tuple[SparkLake, list[str]]:
    """Return a lake with three batches in bronze, and the instants of their commits."""
    lake, heads = SparkLake(spark, Lake(str(tmp_path_factory.mktemp("timeline")))), []
    for number, ids in enumerate((("a", "b"), ("c",), ("d", "e", "f"))):
        TableWriter(lake, "run").append(RECORD, batch(spark, *ids), batch_id=f"batch-{number}")
        heads.append(lake.latest_commit(RECORD))
    return lake, heads


def ids(rows: DataFrame) -> list[str]:
    return sorted(row.resource_id for row in rows.collect())


def test_each_commit_is_the_head_once(written: tuple[SparkLake, list[str]]) -> None:
    assert sorted(set(written[1])) == written[1]


def test_a_table_that_is_not_there_has_no_head(spark: SparkSession, tmp_path: Path) -> None:
    lake = SparkLake(spark, Lake.at(tmp_path))
    assert lake.latest_commit(RECORD) == ""
    assert lake.commit_of_batch(RECORD, "batch") is None
    assert not lake.has_commit(RECORD, "20260101000000000")


def test_the_commit_of_a_batch_is_found(spark: SparkSession, written: tuple[SparkLake, list[str]]) -> None:
    lake, heads = written
    found = [lake.commit_of_batch(RECORD, f"batch-{number}") for number in range(4)]
    assert found == [*heads, None]


def test_the_rows_of_some_commits(spark: SparkSession, written: tuple[SparkLake, list[str]]) -> None:
    lake, (first, second, third) = written
    assert ids(lake.read_until(RECORD, third, from_instant=first)) == ["c", "d", "e", "f"]
    assert ids(lake.read_until(RECORD, second)) == ["a", "b", "c"]
    assert ids(lake.read_until(RECORD, second, from_instant=first)) == ["c"]
    assert ids(lake.read_until(RECORD, third, from_instant="20200101000000000")) == [*"abcdef"]


def test_an_instant_that_left_the_timeline_is_reported(
    spark: SparkSession, written: tuple[SparkLake, list[str]]
) -> None:
    lake, heads = written
    assert all(lake.has_commit(RECORD, head) for head in heads)
    assert not lake.has_commit(RECORD, "20200101000000000")


def timeline_of(folder: Path, *names: str) -> Timeline:
    """Return the timeline of a table that has these files."""
    (folder / ".hoodie" / "archived").mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / ".hoodie" / name).write_text("{}", encoding="utf-8")
    return read_timeline(str(folder))


def at(second: int) -> str:
    return f"202601010000{second:02}000"


def ended(second: int, action: str) -> list[str]:
    """Return the files of something that has ended; what a compaction ends with is a commit."""
    begun = f"{at(second)}.{action}"
    inflight = f"{at(second)}.inflight" if action == "commit" else f"{begun}.inflight"
    return [f"{begun}.requested", inflight, f"{at(second)}.commit" if action == "compaction" else begun]


def begun(second: int, action: str) -> list[str]:
    return ended(second, action)[:-1]


@pytest.mark.parametrize("action", ["commit", "deltacommit", "replacecommit", "compaction"])
def test_what_has_ended_is_told_from_what_has_begun(tmp_path: Path, action: str) -> None:
    found = timeline_of(tmp_path, *ended(1, "deltacommit"), *ended(2, action), *begun(3, action), ".x.crc")
    assert found.commits == [at(1), at(2)]
    assert found.latest == at(2)
    is_compaction = action == "compaction"
    assert found.unfinished_commits == ([] if is_compaction else [at(3)])
    assert found.unfinished_compactions == ([at(3)] if is_compaction else [])


def test_a_clean_or_a_rollback_is_no_commit(tmp_path: Path) -> None:
    found = timeline_of(tmp_path, *ended(1, "commit"), *ended(2, "clean"), *begun(3, "rollback"))
    assert (found.latest, found.unfinished_commits, found.has_rollbacks_since_latest) == (at(1), [], False)
    found = timeline_of(tmp_path, *ended(4, "rollback"))
    assert found.has_rollbacks_since_latest
    found = timeline_of(tmp_path, *ended(5, "commit"))
    assert not found.has_rollbacks_since_latest
