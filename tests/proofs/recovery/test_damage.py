"""What disks, people and crashes do to a lake: the message says what happened, and the one command that heals it."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from pyspark.sql import SparkSession
from tests.proofs.incremental.stages import received, run

from metriccare.definitions.sources import NONE
from metriccare.definitions.tables import RECORD, TABLES, Table
from metriccare.errors import LakeError
from metriccare.generate import generate
from metriccare.lake.reader import read_table
from metriccare.pipeline.stages import gold, silver
from metriccare.settings import Lake

HEALS = r"`metriccare run --full-refresh` builds silver and gold again from bronze"
LOGS = {"silver.patient_change", "gold.run"}  # of what was done, which a rebuild need not repeat
EMPTY = {"silver.organization", "gold.unmapped_code"}  # here
REBUILT = [table for table in TABLES.values() if table != RECORD and str(table) not in EMPTY]


@pytest.fixture(scope="module")
def whole(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> tuple[Lake, Path]:
    """A lake after two deliveries, and its raw folder."""
    folder = tmp_path_factory.mktemp("recovery")
    generate(40, 3, folder / "generated", batches=1, batch_share=0.3)
    lake, raw = Lake(str(folder / "lake")), folder / "raw"
    for number in range(2):
        name = f"delivery={number:02}"
        shutil.copytree(folder / "generated" / "json" / name, raw / name)
        run(spark, raw, lake, f"run-{number}", number)
    return lake, raw


@pytest.fixture
def lake(whole: tuple[Lake, Path], tmp_path: Path) -> Lake:
    copied = tmp_path / "lake"
    shutil.copytree(whole[0].root, copied)
    return Lake(str(copied))


def data_file(lake: Lake, table: Table) -> Path:
    return max(Path(table.path(lake.root)).rglob("*.parquet"), key=lambda path: path.stat().st_mtime_ns)


def torn(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:300])


def rebuild(spark: SparkSession, lake: Lake) -> None:
    """Do what `metriccare run --full-refresh` does, without notebooks."""
    silver.run(spark, lake, NONE, full_refresh=True, run_id="healed")
    gold.run(spark, lake, NONE, received(9), full_refresh=True, run_id="healed")


def results(lake: Lake) -> list[str]:
    rows = read_table(lake, TABLES["gold.measure_result"]).drop_columns(["run_id"]).to_pylist()
    return sorted(map(str, rows))


@pytest.mark.parametrize("table", REBUILT, ids=str)
def test_a_torn_file_is_named_with_the_command_that_heals(lake: Lake, table: Table) -> None:
    torn(data_file(lake, table))
    with pytest.raises(LakeError, match=HEALS):
        read_table(lake, table)


def test_torn_bronze_asks_for_a_backup(lake: Lake) -> None:
    torn(data_file(lake, RECORD))
    with pytest.raises(LakeError, match="restore bronze from a backup"):
        read_table(lake, RECORD)


@pytest.mark.parametrize(
    "harm", [torn, pytest.param(Path.unlink, marks=pytest.mark.long)], ids=["torn", "missing"]
)
def test_that_command_heals_every_table_of_silver_and_gold(
    spark: SparkSession, whole: tuple[Lake, Path], lake: Lake, harm: Callable[[Path], None]
) -> None:
    for table in REBUILT:
        harm(data_file(lake, table))
    rebuild(spark, lake)
    assert results(lake) == results(whole[0])
    for table in REBUILT:
        rows, before = read_table(lake, table).num_rows, read_table(whole[0], table).num_rows
        assert rows == before or str(table) in LOGS, table
    run(spark, whole[1], lake, "after", 3)


def test_a_lost_ledger_costs_no_number(spark: SparkSession, whole: tuple[Lake, Path], lake: Lake) -> None:
    Path(lake.ledger).unlink()
    run(spark, whole[1], lake, "after", 2)
    assert results(lake) == results(whole[0])
    assert read_table(lake, RECORD).num_rows == read_table(whole[0], RECORD).num_rows


def test_a_lake_that_was_moved_goes_on(spark: SparkSession, whole: tuple[Lake, Path], lake: Lake) -> None:
    moved = Lake(f"{lake.root} moved")
    shutil.move(lake.root, moved.root)
    run(spark, whole[1], moved, "after", 2)
    assert results(moved) == results(whole[0])
