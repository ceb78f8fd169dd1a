"""Several seeds, each a source of its own, read as bronze records and carried to gold without storage or Spark."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
from tests.support.builders import WITHOUT_CENSUS, Silver, decide
from tests.support.raw import read_records
from tests.support.tables import Rows

from metriccare import measures
from metriccare.engine import Program
from metriccare.generate import generate

SEEDS = (7, 11, 2025)
PATIENTS = 700
RECEIVED = datetime(2026, 2, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Planted:
    """The records of all seeds, and what was planted, by source."""

    records: pa.Table
    truth: dict[str, dict[str, Any]]
    as_of: date


@dataclass(frozen=True)
class Gold:
    """The decisions on every stay."""

    decisions: Rows
    events: Rows


def plant(folder: Path, seeds: Sequence[int], patients: int) -> Planted:
    """Generate one source per seed below `folder`, and read all of them as bronze records."""
    summaries = {
        f"seed{seed}": generate(patients=patients, seed=seed, out=folder / f"source=seed{seed}")
        for seed in seeds
    }
    truth = {source: read_truth(summary.truth) for source, summary in summaries.items()}
    return Planted(read_records(folder, RECEIVED), truth, next(iter(summaries.values())).as_of)


def read_truth(path: Path) -> dict[str, Any]:
    truth: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return truth


def gold_of(
    typed: Silver,
    profiles: Sequence[measures.Profile] = measures.PROFILES,
    program: Program = WITHOUT_CENSUS,
) -> Gold:
    """Decide every stay and infection, as if nothing lay in the future."""
    made = decide(typed, profiles=profiles, program=program)
    return Gold(Rows(made["stay_measure"]), Rows(made["infection_event"]))
