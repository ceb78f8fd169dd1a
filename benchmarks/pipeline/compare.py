"""Compares the numbers of two pipelines, for example DuckDB and MetricCare.

The files are JSON; for MetricCare, `metriccare measures --unsuppressed --format json`, one file per stratum:

    python -m benchmarks.pipeline.compare --duckdb duck.json --metriccare all.json --metriccare hospital.json
"""

import argparse
import json
import sys
from collections.abc import Iterable, Mapping
from math import isclose
from pathlib import Path
from typing import Any

MEASURES = (
    "readmission_30_day",
    "mortality_in_hospital",
    "mortality_30_day",
    "infection_per_100_discharges",
    "infection_per_1000_patient_days",
    "length_of_stay_billing",
)
STRATA = ("all", "hospital", "year")
PROFILE = "all_adult"

Row = Mapping[str, Any]
Key = tuple[str, str, str]  # measure, stratum, stratum value
Pair = tuple[float, float]  # numerator, denominator
NO_CASES: Pair = (0.0, 0.0)


def compare(
    other_results: Iterable[Row], metriccare_results: Iterable[Row], other: str = "DuckDB"
) -> list[str]:
    """Return one sentence per difference, in the order of measure and stratum; empty if both sides agree.

    Numerators, denominators and as_of are compared, for the measures in `MEASURES` and the strata that both sides
    have. A stratum without cases is the same as a missing one.

    Args:
        other_results: rows with `measure`, `stratum`, `stratum_value`, `numerator`, `denominator`, `as_of`.
        metriccare_results: rows of gold.measure_result; only those of the profile `all_adult` are compared.
        other: the name of the other side.
    """
    theirs, ours = list(other_results), [row for row in metriccare_results if row["profile"] == PROFILE]
    shared = {row["stratum"] for row in theirs} & {row["stratum"] for row in ours} & set(STRATA)
    if not shared:
        return ["The two sides have no stratum in common, so nothing was compared."]
    return _dates(theirs, ours, other) + _numbers(_pairs(theirs, shared), _pairs(ours, shared), other)


def _dates(other_rows: list[Row], own_rows: list[Row], other: str) -> list[str]:
    theirs, own = ({str(row["as_of"]) for row in side} for side in (other_rows, own_rows))
    return [] if theirs == own else [f"as_of: {other} {sorted(theirs)}, MetricCare {sorted(own)}"]


def _pairs(rows: list[Row], strata: set[str]) -> dict[Key, Pair]:
    return {
        (row["measure"], row["stratum"], row["stratum_value"]): (row["numerator"], row["denominator"])
        for row in rows
        if row["measure"] in MEASURES and row["stratum"] in strata
    }


def _numbers(other_pairs: dict[Key, Pair], ours: dict[Key, Pair], other: str) -> list[str]:
    return [
        f"{' '.join(key)}: {other} {_fraction(theirs)}, MetricCare {_fraction(own)}"
        for key in sorted(other_pairs.keys() | ours.keys())
        if not _same(theirs := other_pairs.get(key, NO_CASES), own := ours.get(key, NO_CASES))
    ]


def _same(one: Pair, other: Pair) -> bool:
    return all(isclose(a, b, abs_tol=1e-6) for a, b in zip(one, other, strict=True))


def _fraction(pair: Pair) -> str:
    return "{:g} of {:g}".format(*pair)


def main() -> None:
    """Print the differences between two sides; exit status 1 if there are any."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for side in ("--duckdb", "--metriccare"):
        parser.add_argument(side, type=Path, action="append", required=True, help="JSON; may be repeated.")
    given = parser.parse_args()
    duck, ours = (
        [row for path in paths for row in json.loads(path.read_text())]
        for paths in (given.duckdb, given.metriccare)
    )
    found = compare(duck, ours)
    print(
        "\n".join(found) or f"The same: {len(_pairs(duck, set(STRATA)))} pairs of numerator and denominator."
    )
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
