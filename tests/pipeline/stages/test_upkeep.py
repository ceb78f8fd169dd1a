"""Which tables are compacted, and that nobody waits for it."""

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pytest
from pyspark.sql import SparkSession

from metriccare.definitions.tables import CONDITION, ENCOUNTER, PATIENT, STAY, Table
from metriccare.lake.ledger import lease, open_ledger, this_process
from metriccare.pipeline.stages import upkeep
from metriccare.pipeline.stages.upkeep import LOG_FILES, TABLES_PER_RUN, compact_tables, due_tables
from metriccare.settings import Lake

NO_SPARK = cast(SparkSession, None)


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> dict[Table, int]:
    """Return how many log files the tables have, to be changed; tests/proofs/incremental compacts a real lake."""
    counts: dict[Table, int] = {}
    monkeypatch.setattr(upkeep, "most_log_files", lambda _, table: counts.get(table, 0))
    return counts


def test_few_log_files_are_left_alone(tmp_path: Path, files: dict[Table, int]) -> None:
    lake = Lake(str(tmp_path))
    files |= {PATIENT: LOG_FILES - 1, ENCOUNTER: 1}
    assert due_tables(lake) == []
    assert compact_tables(NO_SPARK, lake) == "No table has to be compacted."


def test_the_tables_with_the_most_log_files_come_first_and_no_more_than_a_few_at_once(
    tmp_path: Path, files: dict[Table, int]
) -> None:
    lake = Lake(str(tmp_path))
    files |= {PATIENT: LOG_FILES, ENCOUNTER: LOG_FILES + 2, CONDITION: LOG_FILES, STAY: LOG_FILES + 1}
    assert due_tables(lake) == [ENCOUNTER, STAY]
    assert len(due_tables(lake)) == TABLES_PER_RUN


def test_among_equals_the_order_is_that_of_the_tables(tmp_path: Path, files: dict[Table, int]) -> None:
    lake = Lake(str(tmp_path))
    files |= {CONDITION: LOG_FILES, PATIENT: LOG_FILES}
    assert due_tables(lake) == [PATIENT, CONDITION]


def test_while_another_run_writes_nothing_is_compacted(
    tmp_path: Path, files: dict[Table, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "PATIENCE_SECONDS", 0.0)
    lake = Lake(str(tmp_path / "lake"))
    files[PATIENT] = LOG_FILES
    elsewhere = replace(this_process("other-run"), host="elsewhere")
    with closing(open_ledger(lake, "")) as ledger:
        ledger.acquire("silver", elsewhere, datetime.now(UTC))
    said = compact_tables(NO_SPARK, lake, "run")
    assert said == "Another run is writing: the next one compacts the tables."
