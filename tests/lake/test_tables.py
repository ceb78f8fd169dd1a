"""Writing and reading the tables of a lake."""

import json
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from metriccare.definitions.schemas import (
    BRONZE_RECORD,
    GOLD_MEASURE_RESULT,
    SILVER_ORGANIZATION,
    SILVER_PATIENT,
)
from metriccare.definitions.schemas.contract import select_known
from metriccare.definitions.tables import (
    MEASURE_PUBLISHED,
    MEASURE_RESULT,
    ORGANIZATION,
    PATIENT,
    RECORD,
    STAY,
    Table,
)
from metriccare.errors import LakeError, LeaseLostError
from metriccare.lake import tables
from metriccare.lake.reader import read_table
from metriccare.lake.tables import SparkLake, TableWriter
from metriccare.runtime.spark import CALENDAR
from metriccare.settings import Lake

NAMES = ["source", "id", "version_order", "name"]


def organizations(spark: SparkSession, *names: str) -> DataFrame:
    whole = spark.createDataFrame([], SILVER_ORGANIZATION)
    rows = spark.createDataFrame(
        [("s", name, "1", name.upper()) for name in names], whole.select(NAMES).schema
    )
    return whole.select(NAMES).unionByName(rows).join(whole, NAMES, how="left")


def ids(lake: SparkLake) -> list[str]:
    return sorted(row["id"] for row in lake.read(ORGANIZATION).collect())


def renamed(spark: SparkSession, name: str) -> DataFrame:
    return organizations(spark, "a").withColumn("name", F.lit(name))


def names(lake: SparkLake) -> dict[str, str]:
    rows = lake.read(ORGANIZATION).collect()
    return {row["id"]: row["name"] for row in rows}


def test_a_table_that_is_replaced_holds_the_new_rows_only(spark: SparkSession, tmp_path: Path) -> None:
    lake = SparkLake(spark, Lake.at(tmp_path))
    for names in (("a", "b"), ("b", "c"), ()):
        TableWriter(lake, "run").replace(ORGANIZATION, organizations(spark, *names))
        assert ids(lake) == sorted(names)
        assert sorted(read_table(lake.location, ORGANIZATION, ["id"])["id"].to_pylist()) == sorted(names)


def test_a_table_reads_with_its_own_columns_only(spark: SparkSession, tmp_path: Path) -> None:
    lake = SparkLake(spark, Lake.at(tmp_path))
    TableWriter(lake, "run").append(ORGANIZATION, organizations(spark, "a"))
    frame = lake.read(ORGANIZATION)
    assert frame.columns == spark.createDataFrame([], SILVER_ORGANIZATION).columns


def test_a_commit_carries_the_run_id(spark: SparkSession, tmp_path: Path) -> None:
    lake = SparkLake(spark, Lake.at(tmp_path))
    TableWriter(lake, "run-17").append(ORGANIZATION, organizations(spark, "a"))
    commits = Path(lake.path(ORGANIZATION), ".hoodie").glob("*commit")
    assert any('"metriccare.run_id" : "run-17"' in commit.read_text() for commit in commits)


def test_a_table_that_is_not_there_yet_says_what_to_do(spark: SparkSession, tmp_path: Path) -> None:
    lake = SparkLake(spark, Lake.at(tmp_path))
    with pytest.raises(LakeError, match=r"no table silver\.stay yet: run `metriccare run` first"):
        lake.read(STAY)


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
    lake = SparkLake(spark, Lake.at(tmp_path))
    first = results_of(spark, ("2025-03-31", "a", "1"), ("2025-03-31", "b", "1"))
    for frame, run in (
        (first, "1"),
        (results_of(spark, ("2025-06-30", "a", "2")), "2"),
        (results_of(spark, ("2025-03-31", "a", "3")), "3"),
    ):
        TableWriter(lake, run).replace_partitions(MEASURE_RESULT, frame)
    rows = lake.read(MEASURE_RESULT).collect()
    assert sorted((str(row.as_of), row.measure, row.run_id) for row in rows) == [
        ("2025-03-31", "a", "3"),
        ("2025-06-30", "a", "2"),
    ]


def test_an_upsert_changes_adds_and_takes_away_in_one_commit(spark: SparkSession, tmp_path: Path) -> None:
    lake = SparkLake(spark, Lake.at(tmp_path))
    TableWriter(lake, "1").replace(ORGANIZATION, organizations(spark, "a", "b", "c"))
    before = timeline_files(lake)
    changed = organizations(spark, "b", "d").withColumn("name", F.lit("new"))
    TableWriter(lake, "2").upsert(ORGANIZATION, changed, delete=organizations(spark, "b", "c"))

    rows = lake.read(ORGANIZATION).collect()
    assert {row["id"]: row["name"] for row in rows} == {"a": "A", "b": "new", "d": "new"}
    read = read_table(lake.location, ORGANIZATION, ["id", "name"]).to_pylist()
    assert {row["id"]: row["name"] for row in read} == {"a": "A", "b": "new", "d": "new"}
    assert len(timeline_files(lake) - before) == 1


@pytest.mark.long
def test_what_was_taken_away_can_come_back(spark: SparkSession, tmp_path: Path) -> None:
    lake = SparkLake(spark, Lake.at(tmp_path))
    TableWriter(lake, "1").replace(ORGANIZATION, organizations(spark, "a"))
    for number in range(2, 9):  # more than an inline compaction takes
        frame = organizations(spark, *(["a"] if number % 2 else []))
        TableWriter(lake, str(number)).upsert(ORGANIZATION, frame, delete=organizations(spark, "a"))
        expected = ["a"] if number % 2 else []
        assert ids(lake) == expected
        assert read_table(lake.location, ORGANIZATION, ["id"])["id"].to_pylist() == expected


def test_an_older_version_is_written_if_the_stage_says_so(spark: SparkSession, tmp_path: Path) -> None:
    """Which version is the newest is silver's decision: a first receipt can be set back."""
    lake = SparkLake(spark, Lake.at(tmp_path))
    for order in ("2", "1"):
        frame = organizations(spark, "a").withColumn("version_order", F.lit(order))
        TableWriter(lake, order).upsert(ORGANIZATION, frame)
    assert [row.version_order for row in lake.read(ORGANIZATION).collect()] == ["1"]


def test_a_commit_after_a_dead_writers_is_seen_by_every_reader(spark: SparkSession, tmp_path: Path) -> None:
    """The dead one has written its log blocks, and was killed before its commit was complete."""
    lake = SparkLake(spark, Lake.at(tmp_path))
    TableWriter(lake, "1").replace(ORGANIZATION, organizations(spark, "a"))
    before = timeline_files(lake)
    TableWriter(lake, "2").upsert(ORGANIZATION, renamed(spark, "dead"))
    (completed,) = timeline_files(lake) - before
    take_back(Path(lake.path(ORGANIZATION)), completed)
    assert names(lake) == {"a": "A"}

    TableWriter(lake, "3").upsert(ORGANIZATION, renamed(spark, "new"))
    assert names(lake) == {"a": "new"}
    assert read_table(lake.location, ORGANIZATION, ["name"])["name"].to_pylist() == ["new"]


def take_back(table: Path, completed: str) -> None:
    """Leave a commit as one whose writer was killed at its end: with the markers of its log files, not complete."""
    timeline = table / ".hoodie"
    partitions = json.loads((timeline / completed).read_text())["partitionToWriteStats"]
    markers = timeline / ".temp" / completed.partition(".")[0]
    markers.mkdir(parents=True)
    for written in (one for stats in partitions.values() for one in stats):
        (markers / f"{Path(written['path']).name}.marker.APPEND").touch()
    (timeline / completed).unlink()


def test_nothing_is_written_by_who_may_not(spark: SparkSession, tmp_path: Path) -> None:
    lake = SparkLake(spark, Lake.at(tmp_path))

    def refuse() -> None:
        raise LeaseLostError("taken over")

    with pytest.raises(LeaseLostError):
        TableWriter(lake, "1", refuse).append(ORGANIZATION, organizations(spark, "a"))
    assert not lake.has(ORGANIZATION)


def timeline_files(lake: SparkLake) -> set[str]:
    folder = Path(lake.path(ORGANIZATION), ".hoodie")
    return {path.name for path in folder.glob("*commit")}


PATIENTS = "source STRING, id STRING, birth_date DATE"


def patients(spark: SparkSession, born: date) -> DataFrame:
    rows = spark.createDataFrame([("s", "p", born), ("s", "q", date(1960, 5, 17))], PATIENTS)
    return select_known(rows, SILVER_PATIENT)


def test_a_date_of_the_year_385_is_that_date_for_every_reader(spark: SparkSession, tmp_path: Path) -> None:
    lake = SparkLake(spark, Lake.at(tmp_path))
    TableWriter(lake, "run").replace(PATIENT, patients(spark, date(385, 2, 28)))
    assert lake.read(PATIENT).agg({"birth_date": "min"}).first()[0] == date(385, 2, 28)
    assert min(read_table(lake.location, PATIENT, ["birth_date"])["birth_date"].to_pylist()) == date(
        385, 2, 28
    )


def test_rows_that_hudi_leaves_out_of_a_commit_are_no_secret(spark: SparkSession, tmp_path: Path) -> None:
    name = "spark.sql.parquet.datetimeRebaseModeInWrite"
    spark.conf.set(name, "EXCEPTION")  # as Spark has it by itself: then the writer refuses such a date
    try:
        with pytest.raises(LakeError, match="1 rows of silver\\.patient could not be written"):
            TableWriter(SparkLake(spark, Lake.at(tmp_path)), "run").replace(
                PATIENT, patients(spark, date(385, 2, 28))
            )
    finally:
        spark.conf.set(name, CALENDAR[name])


# The first task writes for seconds after the second one has failed.
SLOW = "CASE WHEN id = 0 THEN concat('0', left(reflect('java.lang.Thread', 'sleep', 3000L), 0))"
FAILS = f"{SLOW} WHEN id = 19 THEN raise_error('no such ward') ELSE string(id) END"


def records(spark: SparkSession, position: str) -> DataFrame:
    made = spark.range(0, 20, 1, 2).selectExpr(
        "'v' AS file_version", f"{position} AS position", "'Patient' AS resource_type"
    )
    return select_known(made, BRONZE_RECORD)


@pytest.mark.parametrize("earlier", [0, 1])
def test_a_write_right_after_one_that_failed_in_one_task_of_two_holds_each_row_once(
    spark: SparkSession, tmp_path: Path, earlier: int
) -> None:
    lake = SparkLake(spark, Lake.at(tmp_path))
    write = partial(TableWriter(lake, "1").append, RECORD)
    for _ in range(earlier):
        write(records(spark, "concat('earlier ', id)"))
    with pytest.raises(Exception, match="no such ward"):
        write(records(spark, FAILS))
    write(records(spark, "string(id)"))
    positions = [row["position"] for row in lake.read(RECORD).collect()]
    assert sorted(one for one in positions if " " not in one) == sorted(map(str, range(20)))
    table = Path(lake.path(RECORD))
    instants = {path.stem.rpartition("_")[2] for path in table.rglob("*.parquet")}
    assert instants == {path.stem for path in table.glob(".hoodie/*.commit")}
    assert list(table.glob(".hoodie/.temp/*")) == []


def test_a_compaction_that_was_interrupted_and_taken_up_again_keeps_its_files(
    spark: SparkSession, tmp_path: Path
) -> None:
    lake = SparkLake(spark, Lake.at(tmp_path))
    for number in range(5):
        TableWriter(lake, str(number)).upsert(ORGANIZATION, organizations(spark, f"a{number}"))
    TableWriter(lake, "5").compact(ORGANIZATION)
    folder = Path(lake.path(ORGANIZATION), ".hoodie")
    (compaction,) = folder.glob("*.commit")
    compaction.unlink()  # as if the process had died right before it was complete
    (folder / f".{compaction.name}.crc").unlink(missing_ok=True)
    for name in ("b", "c", "d"):
        TableWriter(lake, name).upsert(ORGANIZATION, organizations(spark, name))
        assert name in ids(lake)
    assert compaction.exists()
    assert list(folder.parent.glob(f"*_{compaction.stem}.parquet"))
    assert ids(lake) == ["a0", "a1", "a2", "a3", "a4", "b", "c", "d"]


def test_a_commit_tells_the_catalog_where_one_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def told(table: Table) -> dict[str, str]:
        options = tables._options(table)
        return {key.rpartition(".")[2]: value for key, value in options.items() if ".hive_sync." in key}

    assert told(MEASURE_PUBLISHED) == {}
    monkeypatch.setenv("METRICCARE_CATALOG_DATABASE", "metriccare_gold_dev")
    assert told(MEASURE_PUBLISHED).items() >= {
        ("database", "metriccare_gold_dev"),
        ("table", "measure_published"),
        ("partition_fields", "as_of"),
        ("strategy", "RT"),
    }
    assert told(STAY)["partition_extractor_class"].endswith("NonPartitionedExtractor")
