"""The pipeline's decisions in the profile `simple` beside those of the naive check, stay by stay."""

from dataclasses import dataclass
from datetime import UTC, datetime
from math import isclose
from pathlib import Path
from typing import Any

from tests.proofs.independent import naive
from tests.support.builders import decide, silver_of
from tests.support.raw import read_records

from metriccare.definitions.profiles import SIMPLE

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


def both(folder: Path) -> Both:
    return Both(folder, naive.rows(folder, RECEIVED), found_rows(folder))


def found_rows(folder: Path) -> Rows:
    """Run the pipeline's layers over a raw folder."""
    made = decide(silver_of(read_records(folder, RECEIVED)), profiles=[SIMPLE])
    rows = made["stay_measure"].to_pylist()
    return {(row["source"], row["stay_id"]): as_naive(row) for row in rows}


MEASURES = (
    "length_of_stay_midnights",
    "length_of_stay_billing",
    "length_of_stay_fractional",
    "readmission_30_day",
    "mortality_in_hospital",
    "mortality_30_day",
)


def as_naive(row: dict[str, Any]) -> naive.Row:
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
