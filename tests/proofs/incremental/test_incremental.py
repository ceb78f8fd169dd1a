"""Incremental equals rebuild, whatever the feed sends and in whatever order (docs/contracts.md#invariants, 1 to 4)."""

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from pyspark.sql import SparkSession
from tests.proofs.incremental.feeding import DELIVERIES, PLANTED, Fed
from tests.proofs.incremental.on_cluster import LIMITS
from tests.proofs.incremental.stages import BY_STAY, count, refine, run, take
from tests.proofs.incremental.test_killed import differences
from tests.proofs.truth.compare import different_events, different_stays
from tests.support.tables import Rows

from metriccare.definitions.sources import NONE
from metriccare.definitions.tables import INFECTION_EVENT, STAY_MEASURE, TABLES
from metriccare.lake.reader import read_table
from metriccare.lake.tables import SparkLake
from metriccare.pipeline.stages import kept_cells, upkeep
from metriccare.pipeline.verify import NOT_COMPARED, verify
from metriccare.quality.difference import same
from metriccare.settings import Lake


def pieces(path: Path) -> int:
    """Count what lies in a planted file: a Bundle of deletions holds several pieces."""
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    return sum(line.count('"DELETE"') or 1 for line in lines)


def commits(lake: Lake) -> Counter[str]:
    """Count the files of all timelines: a table that is written gets some."""
    root = Path(lake.root)
    return Counter(str(path.parent.parent.relative_to(root)) for path in root.glob("*/*/.hoodie/*commit*"))


def test_what_came_in_deliveries_is_what_a_rebuild_makes(spark: SparkSession, fed: Fed) -> None:
    found = verify(spark, fed.lake, NONE)
    assert found.differences == ()
    assert found.tables == 12


@pytest.mark.long
def test_spark_makes_of_a_delivery_what_this_process_makes_of_it(
    spark: SparkSession, fed: Fed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Small work is done without Spark, large work by it: the same programs, on rows that are gathered in two ways."""
    for module, limit in LIMITS:
        monkeypatch.setattr(module, limit, 0)
    lake = Lake(str(tmp_path / "lake"))
    shutil.copytree(fed.before.root, lake.root)
    run(spark, fed.raw, lake, f"run-{DELIVERIES - 1}", DELIVERIES - 1)
    assert differences(spark, lake, fed.lake) == []


@pytest.mark.long
def test_a_cluster_makes_the_same(spark: SparkSession, fed: Fed, tmp_path: Path) -> None:
    """Its executors share no memory with the driver: what tasks use is sent to them."""
    lake = Lake(str(tmp_path / "lake"))
    shutil.copytree(fed.before.root, lake.root)
    arguments = [str(fed.raw), lake.root, str(DELIVERIES - 1)]
    done = subprocess.run(
        [sys.executable, "-m", "tests.proofs.incremental.on_cluster", *arguments],
        cwd=Path(__file__).parents[3],
        env=os.environ | {"METRICCARE_DRIVER_MEMORY": "1g"},
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert differences(spark, lake, fed.lake) == []


def test_the_first_run_added_up_all_decisions_and_each_other_one_those_of_its_patients(fed: Fed) -> None:
    kept = kept_cells.load(fed.lake)
    assert kept
    assert kept.settled_on == fed.accounts[0].as_of


def test_planted_stays_are_decided_as_planted_whatever_comes_first(fed: Fed) -> None:
    """The newest delivery came first and the first export last, among a feed of others."""
    planted = [("source", "=", PLANTED)]
    decisions, events = (
        Rows(read_table(fed.lake, table, filters=planted)) for table in (STAY_MEASURE, INFECTION_EVENT)
    )
    truth, as_of = {PLANTED: fed.truth}, date.fromisoformat(fed.truth["as_of"])
    assert fed.accounts[-1].as_of == as_of
    assert different_stays(decisions, truth, as_of) == []
    assert different_events(events, truth) == set()


def test_every_line_is_accounted_for(fed: Fed) -> None:
    planted = sum(map(pieces, (fed.raw / f"source={PLANTED}").rglob("*.ndjson")))
    sent = sum(map(len, fed.sent)) + planted
    account = fed.accounts[-1]
    assert account.records == sent
    assert sum(account.accepted.values()) + sum(account.quarantined.values()) == sent
    assert sum(account.tombstones.values()) > 0
    assert sum(account.duplicates.values()) > 0
    assert sum(account.superseded.values()) > 0


def test_only_the_patients_that_changed_were_decided_again(spark: SparkSession, fed: Fed) -> None:
    """But for open stays, whose days grow with as_of; those of nobody are one patient."""
    decided = SparkLake(spark, fed.lake).read(STAY_MEASURE)
    closed = decided.filter("patient_id IS NOT NULL AND discharge_date IS NOT NULL")
    runs = {row.stay_id: row.run_id for row in closed.select("stay_id", "run_id").distinct().collect()}
    quiet = {run_id for stay, run_id in runs.items() if stay.startswith("quiet")}
    assert quiet == {"run-0"}
    assert set(runs.values()) >= {"run-0", f"run-{DELIVERIES - 1}"}


@pytest.mark.long
def test_compaction_changes_no_row(
    spark: SparkSession, fed: Fed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upkeep, "LOG_FILES", 1)
    monkeypatch.setattr(upkeep, "TABLES_PER_RUN", 5)
    lake = Lake(str(tmp_path / "lake"))
    shutil.copytree(fed.lake.root, lake.root)
    said = [upkeep.compact_tables(spark, lake) for _ in range(3)]
    compacted = set(re.findall(r"\w+\.\w+", " ".join(said[:2])))
    tables = {str(table) for table in TABLES.values() if table.buckets}
    assert tables - compacted <= {"silver.organization"}  # its rows may be in Parquet files only
    assert said[2] == "No table has to be compacted."
    assert kept_cells.load(lake) == kept_cells.load(fed.lake)
    assert differences(spark, lake, fed.lake) == []


def test_a_run_with_nothing_new_writes_nothing(spark: SparkSession, fed: Fed) -> None:
    before = commits(fed.lake)
    take(spark, fed.raw, fed.lake, "run-idle")
    assert refine(spark, fed.lake, "run-idle").is_empty
    count(spark, fed.lake, "run-idle")
    assert commits(fed.lake) == before


@pytest.mark.long
def test_a_cut_and_back_changes_no_decision(spark: SparkSession, fed: Fed, tmp_path: Path) -> None:
    """A moved as_of decides those with later facts anew, merged patients among them."""
    lake = Lake(str(tmp_path / "lake"))
    shutil.copytree(fed.lake.root, lake.root)
    for as_of in ("2025-04-01", ""):
        count(spark, lake, f"as_of-{as_of}", as_of)
    for table in BY_STAY:
        rows = [SparkLake(spark, one).read(table) for one in (lake, fed.lake)]
        assert same(*rows, list(table.key), NOT_COMPARED) == [], table
