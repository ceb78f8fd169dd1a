"""Compaction changes no row for any reader, whenever it is interrupted."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pyarrow as pa
import pytest
from pyspark.sql import SparkSession

from metriccare.definitions.tables import PATIENT_DAY
from metriccare.engine.schema import arrow_schema
from metriccare.lake import tables
from metriccare.lake.compaction import plan_compaction
from metriccare.lake.hudi_client import hudi_client
from metriccare.lake.reader import most_log_files, read_parts, read_table
from metriccare.lake.tables import SparkLake, TableWriter
from metriccare.settings import Lake

STAYS = range(12)


def rows(stays: Iterable[int], days: int) -> pa.Table:
    row = {"source": "s", "month": "2025-01", "patient_id": "p", "hospital_id": "h", "days": days}
    return pa.Table.from_pylist(
        [row | {"stay_id": str(stay)} for stay in stays], arrow_schema(PATIENT_DAY.columns)
    )


def days_read(lake: SparkLake) -> dict[str, int]:
    """Return the days of each stay, as all readers read them."""
    of_spark = [row.asDict() for row in lake.read(PATIENT_DAY).collect()]
    without = [row for part in read_parts(lake.location, PATIENT_DAY) for row in part.to_pylist()]
    whole = read_table(lake.location, PATIENT_DAY).to_pylist()
    found = [sorted((row["stay_id"], row["days"]) for row in read) for read in (of_spark, without, whole)]
    assert found[0] == found[1] == found[2]
    assert len(dict(found[0])) == len(found[0])
    return dict(found[0])


@pytest.fixture
def lake(spark: SparkSession, tmp_path: Path) -> SparkLake:
    """Return a lake with a table that has log files."""
    lake = SparkLake(spark, Lake(str(tmp_path / "lake")))
    writer = TableWriter(lake, "run")
    writer.replace(PATIENT_DAY, rows(STAYS, 1))
    writer.upsert(PATIENT_DAY, rows(range(4), 2))
    return lake


def expected(**changed: int) -> dict[str, int]:
    days = {str(stay): 2 if stay < 4 else 1 for stay in STAYS}
    return days | {stay.removeprefix("stay_"): count for stay, count in changed.items()}


def test_compaction_changes_no_row(lake: SparkLake) -> None:
    writer = TableWriter(lake, "run")
    assert most_log_files(lake.location, PATIENT_DAY) == 1
    writer.compact(PATIENT_DAY)
    assert most_log_files(lake.location, PATIENT_DAY) == 0
    assert days_read(lake) == expected()
    writer.compact(PATIENT_DAY)  # nothing to do
    writer.upsert(PATIENT_DAY, rows([0], 5), delete=rows([0, 1], 0))
    assert days_read(lake) == {key: days for key, days in expected(stay_0=5).items() if key != "1"}


def planned(lake: SparkLake) -> str:
    """Plan a compaction and do no more: so does a run that is killed."""
    options = tables._options(PATIENT_DAY)
    with hudi_client(lake.spark, lake.path(PATIENT_DAY), options) as client:
        return plan_compaction(lake.spark, client)


def killed_at_its_end(lake: SparkLake) -> str:
    """Compact, and leave what a run leaves that is killed before the commit: its files, and the markers of them."""
    instant, table = planned(lake), Path(lake.path(PATIENT_DAY))
    TableWriter(lake, "run").compact(PATIENT_DAY)
    assert list(table.glob(f"*_{instant}.parquet"))
    for path in (table / ".hoodie").glob(f"*{instant}.commit*"):
        path.unlink()
    return instant


@pytest.mark.parametrize("interrupt", [planned, killed_at_its_end])
def test_one_that_was_interrupted_changes_no_row_and_is_ended_by_the_next_write(
    lake: SparkLake, interrupt: Callable[[SparkLake], str]
) -> None:
    instant = interrupt(lake)
    assert lake.timeline(PATIENT_DAY).unfinished_compactions == [instant]
    assert days_read(lake) == expected()
    TableWriter(lake, "run").upsert(PATIENT_DAY, rows([0, 11], 7))
    assert lake.timeline(PATIENT_DAY).unfinished_compactions == []
    assert days_read(lake) == expected(stay_0=7, stay_11=7)


def test_a_commit_that_never_completed_is_read_by_nobody(lake: SparkLake) -> None:
    TableWriter(lake, "run").upsert(PATIENT_DAY, rows([0, 11], 7))
    (completed,) = Path(lake.path(PATIENT_DAY), ".hoodie").glob(
        f"{lake.timeline(PATIENT_DAY).latest}.deltacommit"
    )
    completed.unlink()
    Path(completed.parent, f".{completed.name}.crc").unlink()
    assert days_read(lake) == expected()
    TableWriter(lake, "run").upsert(PATIENT_DAY, rows([1], 8))
    assert days_read(lake) == expected(stay_1=8)
