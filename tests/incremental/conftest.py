"""One lake that several deliveries of hundreds of courses have gone through, run by run."""

import shutil
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from pyspark.sql import SparkSession
from tests.incremental.courses import deliveries
from tests.incremental.stages import run

from metriccare import quality
from metriccare.settings import Lake

SEED, COURSES, DELIVERIES, QUIET = 20261124, 240, 3, 40


@dataclass
class Fed:
    """A lake after its last delivery.

    Attributes:
        raw: the raw folder.
        lake: the lake.
        before: a copy of the lake as it was before the last delivery.
        sent: the lines of each delivery.
        accounts: the reconciliation of each run.
    """

    raw: Path
    lake: Lake
    before: Lake
    sent: list[list[str]]
    accounts: list[quality.Reconciliation] = field(default_factory=list)


@pytest.fixture(scope="session")
def fed(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Fed:
    return feed(spark, tmp_path_factory.mktemp("incremental"), SEED, COURSES, DELIVERIES, QUIET)


def feed(spark: SparkSession, folder: Path, seed: int, courses: int, count: int, quiet: int) -> Fed:
    """Send the deliveries one by one, each as two files, and take each in a run of its own."""
    fed = Fed(folder / "raw", Lake(str(folder / "lake")), Lake(str(folder / "before")), [])
    fed.sent = deliveries(seed, courses, count, quiet)
    for number, lines in enumerate(fed.sent):
        if number == count - 1:
            shutil.copytree(fed.lake.root, fed.before.root)
        write(fed.raw / f"delivery-{number}", lines)
        fed.accounts.append(run(spark, fed.raw, fed.lake, f"run-{number}", number))
    return fed


def write(folder: Path, lines: list[str]) -> None:
    folder.mkdir(parents=True)
    half = len(lines) // 2
    for name, part in (("a", lines[:half]), ("b", lines[half:])):
        (folder / f"{name}.ndjson").write_text("".join(f"{line}\n" for line in part), encoding="utf-8")
