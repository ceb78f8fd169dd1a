"""A lake that 0.1.0 wrote, which kept no ledger, is brought to what this version expects; nothing of it is lost."""

import sqlite3
from pathlib import Path

import pytest
from pyspark.sql import SparkSession
from tests.data.old_lake import unpack
from tests.incremental.stages import count, refine, take

from metriccare import tables
from metriccare.errors import LedgerError
from metriccare.ledger import FileState, open_ledger
from metriccare.reader import read_table
from metriccare.settings import Lake
from metriccare.stage import begin

PIECES, STAYS, AS_OF = 143, 21, "2025-12-31"  # what 0.1.0 said of it
REPEATED = 143 - 2 - 1  # the raw files, unpacked, are new versions: all that is accepted is there twice then


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> tuple[Lake, Path]:
    """Return the lake after its first stage was opened, and the raw folder it was read from."""
    lake, raw = unpack(tmp_path_factory.mktemp("old"))
    begin("silver", lake, "first").close()
    return lake, raw


@pytest.fixture(scope="module")
def lake(old: tuple[Lake, Path]) -> Lake:
    return old[0]


def test_the_files_it_was_read_from_are_known_as_done(lake: Lake) -> None:
    ledger = open_ledger(lake)
    counts, entries = ledger.counts(), list(ledger.files())
    ledger.close()
    assert counts == {FileState.DONE: 4}
    assert {entry.file.path.rpartition("/")[2] for entry in entries} == {"part-00000.ndjson"}
    assert all(entry.received_at.year == 2026 for entry in entries)


def test_the_runs_and_results_it_had_are_still_there(spark: SparkSession, lake: Lake) -> None:
    runs = tables.read(spark, lake, "gold", "run").collect()
    assert [row.pieces for row in runs] == [PIECES]
    assert tables.read(spark, lake, "gold", "measure_result").count() > 0
    assert tables.read(spark, lake, "bronze", "record").count() == PIECES


def test_what_is_laid_out_anew_is_made_from_its_bronze(spark: SparkSession, old: tuple[Lake, Path]) -> None:
    lake, raw = old
    assert not tables.exists(lake, "silver", "stay")
    assert not tables.exists(lake, "gold", "stay_measure")

    take(spark, raw, lake, "second")
    refine(spark, lake, "second")
    account = count(spark, lake, "second")

    assert (account.pieces, account.stays, str(account.as_of)) == (2 * PIECES, STAYS, AS_OF)
    assert sum(account.duplicates.values()) >= REPEATED
    assert tables.read(spark, lake, "gold", "run").count() == 2
    columns = ("resource_type", "body", "resource", "bundle")
    assert read_table(lake, "bronze", "record", columns).num_rows == 2 * PIECES  # the files of both versions


def test_a_lake_of_a_later_version_is_refused(tmp_path: Path) -> None:
    lake = Lake(str(tmp_path))
    open_ledger(lake).close()
    with sqlite3.connect(lake.ledger) as db:
        db.execute("PRAGMA user_version = 2")
    with pytest.raises(LedgerError, match="written by a newer MetricCare"):
        begin("bronze", lake, "run")
