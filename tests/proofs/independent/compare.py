"""The pipeline's decisions in the profile `simple` beside those of the naive check, stay by stay."""

from dataclasses import dataclass
from datetime import UTC, datetime
from math import isclose
from pathlib import Path
from typing import Any

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import Row as SparkRow
from tests.proofs.independent import naive

from metriccare import bronze, measures, silver
from metriccare.definitions import schemas
from metriccare.lake.raw_files import list_files
from metriccare.lake.raw_reader import scan

RECEIVED = datetime(2026, 6, 30, 12, tzinfo=UTC)
SECOND = 1 / 86_400  # the pipeline's instants are exact to the second when it takes their difference

Key = tuple[str, str]  # source, stay id
Rows = dict[Key, naive.Row]


@dataclass(frozen=True)
class Both:
    """The rows of one raw folder, from either side."""

    folder: Path
    expected: Rows
    found: Rows


def both(spark: SparkSession, folder: Path) -> Both:
    return Both(folder, naive.rows(folder, RECEIVED), found_rows(spark, folder))


def found_rows(spark: SparkSession, folder: Path) -> Rows:
    """Run the pipeline's layers over a raw folder."""
    pieces = scan(spark, list_files(str(folder)), bronze.classify, schemas.INPUT_RECORD)
    received = bronze.records(pieces, RECEIVED, "batch").localCheckpoint()
    decided = decisions(received).select(
        "source", "stay_id", "patient_id", "hospital_id", "admission_date", "discharge_date", *MEASURES
    )
    return {(row["source"], row["stay_id"]): as_naive(row) for row in decided.collect()}


MEASURES = (
    "length_of_stay_midnights",
    "length_of_stay_billing",
    "length_of_stay_fractional",
    "readmission_30_day",
    "mortality_in_hospital",
    "mortality_30_day",
)


def decisions(received: DataFrame) -> DataFrame:
    """Decide every stay; checkpoints keep Spark's analysis short, as tables between the layers do."""
    patients = silver.patients(silver.newest(received, "Patient")).localCheckpoint()
    encounters = silver.encounters(silver.newest(received, "Encounter")).localCheckpoint()
    conditions = silver.conditions(silver.newest(received, "Condition")).localCheckpoint()
    stays = silver.stays(encounters, patients, conditions).localCheckpoint()
    simple = [profile for profile in measures.PROFILES if profile.name == "simple"]
    resolved = silver.with_survivor(conditions, silver.survivors(patients))
    events = measures.infection_events(stays, resolved, simple, "run").localCheckpoint()
    return measures.stay_measures(stays, events, simple, "run")


def as_naive(row: SparkRow) -> naive.Row:
    midnights, billing, fractional, readmission, in_stay, in_30_days = (row[name] for name in MEASURES)
    following = [one["id"] for one in readmission["evidence"] or [] if one["role"] == "readmission"]
    return naive.Row(
        row["patient_id"],
        row["hospital_id"],
        row["admission_date"],
        row["discharge_date"],
        None if midnights["initial_population"] else midnights["exclusion"],
        midnights["value"],
        billing["value"],
        fractional["value"],
        outcome(readmission),
        following[0] if following else None,
        outcome(in_stay),
        outcome(in_30_days),
    )


def outcome(decision: Any) -> bool | None:
    return bool(decision["numerator"]) if decision["denominator"] else None


def differences(expected: Rows, found: Rows) -> dict[Key, list[str]]:
    """Return per stay what differs, in words; nothing where the sides agree."""
    one_sided = {key: ["only the naive check has this stay"] for key in expected.keys() - found.keys()}
    one_sided |= {key: ["only the pipeline has this stay"] for key in found.keys() - expected.keys()}
    shared = {key: fields(expected[key], found[key]) for key in sorted(expected.keys() & found.keys())}
    return one_sided | {key: differing for key, differing in shared.items() if differing}


def fields(expected: naive.Row, found: naive.Row) -> list[str]:
    return [
        f"{name}: naive {ours}, pipeline {theirs}"
        for name, ours, theirs in zip(naive.Row._fields, expected, found, strict=True)
        if not same(ours, theirs)
    ]


def same(ours: object, theirs: object) -> bool:
    if isinstance(ours, float) and isinstance(theirs, float):
        return isclose(ours, theirs, abs_tol=SECOND)
    return ours == theirs


def of_source(side: Rows, source: str) -> Rows:
    return {key: row for key, row in side.items() if key[0] == source}
