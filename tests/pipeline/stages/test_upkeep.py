"""Which tables are compacted, and that nobody waits for it."""

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from pyspark.sql import SparkSession

from metriccare.definitions.tables import CONDITION, ENCOUNTER, PATIENT, STAY, TABLES
from metriccare.lake.ledger import open_ledger, this_process
from metriccare.pipeline.stages.upkeep import COMMITS, TABLES_PER_RUN, compact_tables, due_tables
from metriccare.settings import Lake

NO_SPARK = cast(SparkSession, None)


def written(lake: Lake, **commits: int) -> None:
    """Give tables of silver a timeline of so many commits to log files."""
    for name, count in commits.items():
        folder = Path(TABLES[f"silver.{name}"].path(lake.root), ".hoodie")
        folder.mkdir(parents=True)
        for number in range(count):
            (folder / f"20260101000000{number:03}.deltacommit").write_text("{}", encoding="utf-8")


def test_few_log_files_are_left_alone(tmp_path: Path) -> None:
    lake = Lake(str(tmp_path))
    written(lake, patient=COMMITS - 1, encounter=1)
    assert due_tables(lake) == []
    assert compact_tables(NO_SPARK, lake) == "No table has to be compacted."


def test_the_tables_with_the_most_log_files_come_first_and_no_more_than_a_few_at_once(tmp_path: Path) -> None:
    lake = Lake(str(tmp_path))
    written(lake, patient=COMMITS, encounter=COMMITS + 2, condition=COMMITS, stay=COMMITS + 1)
    assert due_tables(lake) == [ENCOUNTER, STAY]
    assert len(due_tables(lake)) == TABLES_PER_RUN


def test_among_equals_the_order_is_that_of_the_tables(tmp_path: Path) -> None:
    lake = Lake(str(tmp_path))
    written(lake, condition=COMMITS, patient=COMMITS)
    assert due_tables(lake) == [PATIENT, CONDITION]


def test_while_another_run_writes_nothing_is_compacted(tmp_path: Path) -> None:
    lake = Lake(str(tmp_path / "lake"))
    written(lake, patient=COMMITS)
    elsewhere = replace(this_process("other-run"), host="elsewhere")
    with closing(open_ledger(lake, "")) as ledger:
        ledger.acquire("silver", elsewhere, datetime.now(UTC))
    said = compact_tables(NO_SPARK, lake, "run")
    assert said == "Another run is writing: the next one compacts the tables."
