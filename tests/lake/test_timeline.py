"""The commits of a table: the newest, that of a batch, and the rows between two of them."""

from datetime import datetime
from pathlib import Path

import pytest
from pyspark.sql import DataFrame, SparkSession
from tests.support.builders import condition, records

from metriccare.definitions.tables import RECORD
from metriccare.lake import tables, timeline
from metriccare.settings import Lake

RECEIVED = datetime(2026, 6, 30)


def batch(spark: SparkSession, *ids: str) -> DataFrame:
    return records(spark, *(condition(id, None) for id in ids), received_at=RECEIVED)


@pytest.fixture(scope="module")
def written(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> tuple[Lake, list[str]]:
    """Return a lake with three batches in bronze, and the instants of their commits."""
    lake, heads = Lake(str(tmp_path_factory.mktemp("timeline"))), []
    for number, ids in enumerate((("a", "b"), ("c",), ("d", "e", "f"))):
        tables.append(batch(spark, *ids), lake, RECORD, "run", batch_id=f"batch-{number}")
        heads.append(timeline.head(spark, lake, RECORD))
    return lake, heads


def ids(rows: DataFrame) -> list[str]:
    return sorted(row.resource_id for row in rows.collect())


def test_each_commit_is_the_head_once(written: tuple[Lake, list[str]]) -> None:
    assert sorted(set(written[1])) == written[1]


def test_a_table_that_is_not_there_has_no_head(spark: SparkSession, tmp_path: Path) -> None:
    lake = Lake.at(tmp_path)
    assert timeline.head(spark, lake, RECORD) == ""
    assert timeline.commit_of_batch(spark, lake, RECORD, "batch") is None
    assert not timeline.is_on_timeline(spark, lake, RECORD, "20260101000000000")


def test_the_commit_of_a_batch_is_found(spark: SparkSession, written: tuple[Lake, list[str]]) -> None:
    lake, heads = written
    found = [timeline.commit_of_batch(spark, lake, RECORD, f"batch-{number}") for number in range(4)]
    assert found == [*heads, None]


def test_the_rows_between_two_commits(spark: SparkSession, written: tuple[Lake, list[str]]) -> None:
    lake, (first, second, third) = written
    assert ids(timeline.read_between(spark, lake, RECORD, first, third)) == ["c", "d", "e", "f"]
    assert ids(timeline.read_between(spark, lake, RECORD, first, second)) == ["c"]
    assert ids(timeline.read_until(spark, lake, RECORD, second)) == ["a", "b", "c"]
    assert ids(timeline.read_until(spark, lake, RECORD, second, after=first)) == ["c"]
    assert ids(timeline.read_until(spark, lake, RECORD, third, after="20200101000000000")) == [*"abcdef"]


def test_an_instant_that_left_the_timeline_is_told(
    spark: SparkSession, written: tuple[Lake, list[str]]
) -> None:
    lake, heads = written
    assert all(timeline.is_on_timeline(spark, lake, RECORD, head) for head in heads)
    assert not timeline.is_on_timeline(spark, lake, RECORD, "20200101000000000")
