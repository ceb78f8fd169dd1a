"""Deliveries of hundreds of courses, taken run by run."""

import json
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pyspark.sql import SparkSession
from tests.proofs.incremental.courses import deliveries
from tests.proofs.incremental.stages import run

from metriccare import quality
from metriccare.generate import generate
from metriccare.settings import Lake

SEED, COURSES, DELIVERIES, QUIET = 20261124, 240, 3, 40
PLANTED, PATIENTS, SHARE = "planted", 300, 0.3


@dataclass
class Fed:
    """A lake after its last delivery.

    Attributes:
        raw: the raw folder.
        lake: the lake.
        before: a copy of the lake as it was before the last delivery.
        sent: the lines of each delivery.
        accounts: the reconciliation of each run.
        truth: what was planted in the source `planted`, whose deliveries came in another order than they were made.
    """

    raw: Path
    lake: Lake
    before: Lake
    sent: list[list[str]]
    accounts: list[quality.Reconciliation] = field(default_factory=list)
    truth: dict[str, Any] = field(default_factory=dict)


def feed(spark: SparkSession, folder: Path, seed: int, courses: int, count: int, quiet: int) -> Fed:
    """Send the deliveries one by one, each as two files, and take each in a run of its own."""
    fed = Fed(folder / "raw", Lake(str(folder / "lake")), Lake(str(folder / "before")), [])
    fed.sent = deliveries(seed, courses, count, quiet)
    planted = plant(folder / "generated", seed, count)
    fed.truth = json.loads((folder / "generated" / "truth.json").read_text(encoding="utf-8"))
    for number, lines in enumerate(fed.sent):
        if number == count - 1:
            shutil.copytree(fed.lake.root, fed.before.root)
        write(fed.raw / f"delivery-{number}", lines)
        shutil.copytree(planted[number], fed.raw / f"source={PLANTED}" / planted[number].name)
        fed.accounts.append(run(spark, fed.raw, fed.lake, f"run-{number}", number))
    return fed


def plant(folder: Path, seed: int, count: int) -> list[Path]:
    """Generate patients in as many deliveries as the feed has, and return their folders, the newest first."""
    generate(patients=PATIENTS, seed=seed, out=folder, batches=count - 1, batch_share=SHARE)
    return sorted((folder / "json").iterdir(), reverse=True)


def write(folder: Path, lines: list[str]) -> None:
    folder.mkdir(parents=True)
    half = len(lines) // 2
    for name, part in (("a", lines[:half]), ("b", lines[half:])):
        (folder / f"{name}.ndjson").write_text("".join(f"{line}\n" for line in part), encoding="utf-8")
