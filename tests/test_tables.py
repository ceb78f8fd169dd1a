"""Writing and reading the tables of a lake."""

from pathlib import Path

import pytest
from pyspark.sql import DataFrame, SparkSession

from metriccare import tables
from metriccare.errors import LakeError
from metriccare.reader import read_table
from metriccare.schemas import SILVER_ORGANIZATION
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
