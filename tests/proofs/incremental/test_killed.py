"""A run that is killed anywhere loses nothing and repeats nothing (docs/contracts.md#invariants, 5)."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from random import Random

import pytest
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from tests.proofs.incremental.feeding import DELIVERIES, Fed
from tests.proofs.incremental.killed import completed
from tests.proofs.incremental.stages import BY_STAY, run

from metriccare.definitions.tables import (
    CONDITION,
    COVERAGE,
    ENCOUNTER,
    MEASURE_PUBLISHED,
    MEASURE_RESULT,
    PATIENT,
    PATIENT_CHANGE,
    RECORD,
    RUN,
    STAY,
    UNMAPPED_CODE,
    Table,
    Verified,
)
from metriccare.lake.tables import SparkLake
from metriccare.pipeline.verify import COMPARED, NOT_COMPARED
from metriccare.quality.difference import same
from metriccare.settings import Lake

SIGKILLED = -9
LAKES, KILLS, LONGEST = 3, 5, 80.0  # seconds after Spark has started
CHAINS = 3  # in which all points are tried: each run meets what another kill has left
POINTS = (
    "inside:bronze.record",
    "after:bronze.record",
    "after:silver.patient_change",
    "inside:silver.encounter",
    "after:silver.stay",
    "inside:gold.stay_measure",
)
IF_CHANGED = (COVERAGE, UNMAPPED_CODE)  # a run that finds nothing else in them does not write them
SUMMED = (MEASURE_RESULT, *IF_CHANGED, MEASURE_PUBLISHED, RUN)


def around(*tables: Table) -> list[str]:
    return [f"{when}:{table}" for table in tables for when in ("inside", "after")]


ALL_POINTS = (  # in the order in which a run comes by them
    *("after:register", "after:claim", *around(RECORD), "after:checkpoint.bronze", "after:finish"),
    *(*around(PATIENT_CHANGE, PATIENT, ENCOUNTER, CONDITION, STAY), "after:checkpoint.silver"),
    *(*around(*BY_STAY, *SUMMED), "after:checkpoint.gold"),
)


def kill(point: str, raw: Path, lake: Lake, folder: Path) -> bool:
    """Run until the point and die there; false if the run came to its end without it."""
    reached = folder / "reached"
    reached.unlink(missing_ok=True)
    run_id = f"killed-{point.replace(':', '-')}"
    arguments = [point, str(reached), str(raw), lake.root, run_id, str(DELIVERIES - 1)]
    with (folder / "killed.log").open("wb") as log:
        child = subprocess.run(
            [sys.executable, "-m", "tests.proofs.incremental.killed", *arguments],
            cwd=Path(__file__).parents[3],
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env=os.environ | {"METRICCARE_DRIVER_MEMORY": "1g"},
            check=False,
            timeout=600,
        )
    said = (folder / "killed.log").read_text(encoding="utf-8", errors="replace")[-2000:]
    if child.returncode == 0:
        return False
    assert child.returncode == SIGKILLED, said
    assert reached.read_text(encoding="utf-8") == point
    return True


def may_be_missed(point: str) -> bool:
    return point.startswith("at:") or point.partition(":")[2] in map(str, IF_CHANGED)


def leftovers(lake: Lake) -> list[Path]:
    """Return the commits that have begun and were neither completed nor rolled back."""
    begun = Path(lake.root).glob("*/*/.hoodie/*.inflight")
    return [path for path in begun if not completed(path).exists()]


def differences(
    spark: SparkSession,
    found: Lake,
    expected: Lake,
    layers: Sequence[str] = ("bronze", "silver", "gold"),
    *,
    in_order: bool = True,
) -> list[str]:
    """Compare the tables of two lakes.

    Where the same records came in another order, it may be another copy from which a version was read, and the cuts
    before the newest one are others: neither is compared.
    """
    compared = [table for table in (RECORD, *COMPARED) if table.layer in layers]
    ignored = NOT_COMPARED if in_order else (*NOT_COMPARED, "file", "file_version", "position")

    def rows(lake: Lake, table: Table) -> DataFrame:
        read = SparkLake(spark, lake).read(table)
        return read if in_order or table.verified != Verified.AT_AS_OF else at_newest_cut(read)

    return [
        f"{table}: {sentence}"
        for table in compared
        for sentence in same(rows(found, table), rows(expected, table), list(table.key), ignored)
    ]


def at_newest_cut(results: DataFrame) -> DataFrame:
    newest = results.agg(F.max("as_of").alias("as_of"))
    return results.join(newest, "as_of", how="left_semi")


def faults(spark: SparkSession, lakes: Sequence[Lake], expected: Lake) -> list[str]:
    """Return what is left over in the lakes, and where they differ from what is expected."""
    return [str(fault) for lake in lakes for fault in (*leftovers(lake), *differences(spark, lake, expected))]


def survive(spark: SparkSession, fed: Fed, folder: Path, points: Sequence[str]) -> tuple[list[Lake], int]:
    """Take the last delivery into a copy of the lake as it was before; every attempt but the last is killed.

    A run that misses its point, since one before it has done that work already, comes to its end: the point is met by a
    run in another copy.

    Returns the lakes and the number of kills.
    """
    lakes, kills = [copied(fed.before, folder / "lake")], 0
    for number, point in enumerate(points):
        is_killed = kill(point, fed.raw, lakes[-1], folder)
        if not is_killed:
            lakes.append(copied(fed.before, folder / f"lake-{number}"))
            is_killed = not point.startswith("at:") and kill(point, fed.raw, lakes[-1], folder)
            assert is_killed or may_be_missed(point)
        kills += is_killed
    for lake in lakes:
        account = run(spark, fed.raw, lake, "last", DELIVERIES - 1)
        assert account.records == fed.accounts[-1].records
    return lakes, kills


def copied(lake: Lake, to: Path) -> Lake:
    shutil.copytree(lake.root, to)
    return Lake(str(to))


def test_a_run_killed_six_times_ends_like_an_undisturbed_one(
    spark: SparkSession, fed: Fed, tmp_path: Path
) -> None:
    lakes, kills = survive(spark, fed, tmp_path, POINTS)
    assert kills == len(POINTS)
    assert faults(spark, lakes, fed.lake) == []


@pytest.mark.long
@pytest.mark.parametrize("first", range(CHAINS))
def test_a_run_killed_at_any_point_ends_like_an_undisturbed_one(
    spark: SparkSession, fed: Fed, tmp_path: Path, first: int
) -> None:
    points = ALL_POINTS[first::CHAINS]
    lakes, kills = survive(spark, fed, tmp_path, points)
    assert kills >= sum(not may_be_missed(point) for point in points)
    assert faults(spark, lakes, fed.lake) == []


@pytest.mark.long
def test_runs_killed_at_any_instant_lose_and_repeat_nothing(
    spark: SparkSession, fed: Fed, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dice, kills, found = Random(5), 0, []
    for number in range(LAKES):
        folder = tmp_path / str(number)
        folder.mkdir()
        instants = sorted(round(dice.uniform(0.5, LONGEST), 1) for _ in range(KILLS))
        lakes, killed = survive(spark, fed, folder, [f"at:{instant}" for instant in instants])
        kills += killed
        found += faults(spark, lakes, fed.lake)
    lost = [one for one in found if "missing" in str(one)]
    repeated = [one for one in found if "unexpected" in str(one) or "duplicated" in str(one)]
    with capsys.disabled():
        print(f"\n{kills} kills at random instants: {len(lost)} losses, {len(repeated)} repeats")
    assert found == []
    assert kills > 0
