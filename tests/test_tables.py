"""Writing and reading the tables of a lake."""

from datetime import date
from pathlib import Path

import pytest
from pyspark.sql import DataFrame, SparkSession

from metriccare import tables
from metriccare.errors import LakeError
from metriccare.reader import read_table
from metriccare.schemas import GOLD_MEASURE_RESULT, SILVER_ORGANIZATION
from metriccare.settings import Lake

NAMES = ["source", "id", "version_order", "name"]


def organizations(spark: SparkSession, *names: str) -> DataFrame:
    whole = spark.createDataFrame([], SILVER_ORGANIZATION)
    rows = spark.createDataFrame(
        [("s", name, "1", name.upper()) for name in names], whole.select(NAMES).schema
    )
    return whole.select(NAMES).unionByName(rows).join(whole, NAMES, how="left")


def ids(spark: SparkSession, lake: Lake) -> list[str]:
    return sorted(row["id"] for row in tables.read(spark, lake, "silver", "organization").collect())


def test_a_table_that_is_replaced_holds_the_new_rows_only(spark: SparkSession, tmp_path: Path) -> None:
    lake = Lake.at(tmp_path)
    for names in (("a", "b"), ("b", "c"), ()):
        tables.replace(organizations(spark, *names), lake, "silver", "organization", "run")
        assert ids(spark, lake) == sorted(names)
        assert sorted(read_table(lake, "silver", "organization", ["id"])["id"].to_pylist()) == sorted(names)


def test_a_table_reads_with_its_own_columns_only(spark: SparkSession, tmp_path: Path) -> None:
    lake = Lake.at(tmp_path)
    tables.append(organizations(spark, "a"), lake, "silver", "organization", "run")
    frame = tables.read(spark, lake, "silver", "organization")
    assert frame.columns == spark.createDataFrame([], SILVER_ORGANIZATION).columns


def test_a_commit_carries_the_run_id(spark: SparkSession, tmp_path: Path) -> None:
    lake = Lake.at(tmp_path)
    tables.append(organizations(spark, "a"), lake, "silver", "organization", "run-17")
    commits = Path(lake.table("silver", "organization"), ".hoodie").glob("*commit")
    assert any('"metriccare.run_id" : "run-17"' in commit.read_text() for commit in commits)


def test_a_table_that_is_not_there_yet_says_what_to_do(spark: SparkSession, tmp_path: Path) -> None:
    lake = Lake.at(tmp_path)
    with pytest.raises(LakeError, match=r"no table silver\.stay yet: run `metriccare run` first"):
        tables.read(spark, lake, "silver", "stay")
    assert tables.distinct_values(spark, lake, "silver", "stay", "id") == set()


def results_of(spark: SparkSession, *rows: tuple[str, str, str]) -> DataFrame:
    """Rows of gold.measure_result of (as_of, measure, run id)."""
    keyed = [(measure, "all_adult", "all", "all", date.fromisoformat(day), run) for day, measure, run in rows]
    names = "measure STRING, profile STRING, stratum STRING, stratum_value STRING, as_of DATE, run_id STRING"
    given = spark.createDataFrame(keyed, names)
    empty = spark.createDataFrame([], GOLD_MEASURE_RESULT)
    return given.join(empty, given.columns, how="left")


def test_results_of_two_as_of_lie_side_by_side_and_a_run_replaces_its_own_only(
    spark: SparkSession, tmp_path: Path
) -> None:
    lake = Lake.at(tmp_path)
    first = results_of(spark, ("2025-03-31", "a", "1"), ("2025-03-31", "b", "1"))
    for frame, run in (
        (first, "1"),
        (results_of(spark, ("2025-06-30", "a", "2")), "2"),
        (results_of(spark, ("2025-03-31", "a", "3")), "3"),
    ):
        tables.replace_partitions(frame, lake, "gold", "measure_result", run)
    rows = tables.read(spark, lake, "gold", "measure_result").collect()
    assert sorted((str(row.as_of), row.measure, row.run_id) for row in rows) == [
        ("2025-03-31", "a", "3"),
        ("2025-06-30", "a", "2"),
    ]
