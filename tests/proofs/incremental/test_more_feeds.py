"""More feeds, more orders, and a refresh of all: for `make test-long`."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from pyspark.sql import SparkSession
from tests.proofs.incremental.courses import is_stamped
from tests.proofs.incremental.feeding import Fed, feed, write
from tests.proofs.incremental.stages import count, refine, run
from tests.proofs.incremental.test_killed import differences

from metriccare.definitions.sources import NONE
from metriccare.pipeline.verify import verify
from metriccare.settings import Lake

pytestmark = pytest.mark.long


@pytest.mark.parametrize("seed", [1, 2])
def test_more_feeds_are_what_a_rebuild_makes(spark: SparkSession, tmp_path: Path, seed: int) -> None:
    fed = feed(spark, tmp_path, seed, courses=400, count=4, quiet=20)
    assert verify(spark, fed.lake, NONE).differences == ()


def orders(lines: list[str]) -> Iterator[list[list[str]]]:
    """Yield the same lines in other orders and batches, one of them the other way round."""
    yield [lines]
    shuffled = Random(3).sample(lines, len(lines))
    third = len(shuffled) // 3
    yield [shuffled[:third], shuffled[third : 2 * third], shuffled[2 * third :]]
    yield [lines[len(lines) // 2 :], lines[: len(lines) // 2]]


def test_the_order_of_stamped_records_does_not_matter(spark: SparkSession, fed: Fed, tmp_path: Path) -> None:
    stamped = [line for sent in fed.sent for line in sent if is_stamped(line)]
    lakes = []
    for number, batches in enumerate(orders(stamped)):
        folder = tmp_path / str(number)
        lakes.append(Lake(str(folder / "lake")))
        for at, lines in enumerate(batches):
            write(folder / "raw" / f"batch-{at}", lines)
            run(spark, folder / "raw", lakes[-1], f"run-{at}", at)
    for other in lakes[1:]:
        assert differences(spark, other, lakes[0], layers=("silver", "gold"), in_order=False) == []


def test_a_full_refresh_changes_no_row(spark: SparkSession, fed: Fed, tmp_path: Path) -> None:
    lake = Lake(str(tmp_path / "lake"))
    shutil.copytree(fed.lake.root, lake.root)
    refine(spark, lake, "refresh", full_refresh=True)
    count(spark, lake, "refresh")
    assert differences(spark, lake, fed.lake) == []


def test_every_cut_in_turn_is_what_a_rebuild_makes(spark: SparkSession, fed: Fed, tmp_path: Path) -> None:
    lake = Lake(str(tmp_path / "lake"))
    shutil.copytree(fed.lake.root, lake.root)
    for as_of in ("2025-04-01", "2025-03-15", "2025-06-01", ""):
        count(spark, lake, f"cut-{as_of or 'newest'}", as_of)
        assert verify(spark, lake, NONE).differences == ()
