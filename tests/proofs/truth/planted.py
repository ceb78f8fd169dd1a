"""Several seeds, each a source of its own, read as bronze records and carried to gold without storage."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from pyspark.sql import DataFrame, SparkSession

from metriccare import bronze, measures, silver
from metriccare.definitions import schemas
from metriccare.generate import generate
from metriccare.lake.raw_files import list_files
from metriccare.lake.raw_reader import scan

SEEDS = (7, 11, 2025)
PATIENTS = 700
RECEIVED = datetime(2026, 2, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Planted:
    """The records of all seeds, and what was planted, by source."""

    records: DataFrame
    truth: dict[str, dict[str, Any]]
    as_of: date


@dataclass(frozen=True)
class Silver:
    """The silver tables the measures read."""

    stays: DataFrame
    conditions: DataFrame
    organizations: DataFrame


@dataclass(frozen=True)
class Gold:
    """The decisions on every stay."""

    decisions: DataFrame
    events: DataFrame


def plant(spark: SparkSession, folder: Path, seeds: Sequence[int], patients: int) -> Planted:
    """Generate one source per seed below `folder`, and read all of them as bronze records."""
    summaries = {
        f"seed{seed}": generate(patients=patients, seed=seed, out=folder / f"source=seed{seed}")
        for seed in seeds
    }
    pieces = scan(spark, list_files(str(folder)), bronze.classify, schemas.INPUT_RECORD)
    records = bronze.records(pieces, RECEIVED, "batch").localCheckpoint()
    truth = {source: read_truth(summary.truth) for source, summary in summaries.items()}
    return Planted(records, truth, next(iter(summaries.values())).as_of)


def read_truth(path: Path) -> dict[str, Any]:
    truth: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return truth


def silver_of(records: DataFrame) -> Silver:
    """Type the records; checkpoints keep Spark's analysis short, as tables between the layers do.

    The conditions are those that measures read: merged patients have one id.
    """
    patients = silver.patients(silver.newest(records, "Patient")).localCheckpoint()
    encounters = silver.encounters(silver.newest(records, "Encounter")).localCheckpoint()
    conditions = silver.conditions(silver.newest(records, "Condition")).localCheckpoint()
    organizations = silver.organizations(silver.newest(records, "Organization")).localCheckpoint()
    stays = silver.stays(encounters, patients, conditions).localCheckpoint()
    merged = silver.with_survivor(conditions, silver.survivors(patients))
    return Silver(stays, merged, organizations)


def gold_of(typed: Silver, profiles: Sequence[measures.Profile] = measures.PROFILES) -> Gold:
    events = events_of(typed, profiles)
    return Gold(decisions_of(typed, events, profiles), events)


def events_of(typed: Silver, profiles: Sequence[measures.Profile]) -> DataFrame:
    return measures.infection_events(typed.stays, typed.conditions, profiles, "run").localCheckpoint()


def decisions_of(typed: Silver, events: DataFrame, profiles: Sequence[measures.Profile]) -> DataFrame:
    return measures.stay_measures(typed.stays, events, profiles, "run").localCheckpoint()
