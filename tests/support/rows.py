"""Rows of gold.run and gold.measure_published as a run leaves them, with overrides."""

from datetime import UTC, date, datetime
from typing import Any

NO_NUMBERS = dict.fromkeys(("numerator", "denominator", "rate", "ci_low", "ci_high"))


def run_row(**changes: Any) -> dict[str, Any]:
    row = {
        "run_id": "run-2",
        "run_at": datetime(2025, 7, 2, 8, tzinfo=UTC),
        "as_of": date(2025, 6, 30),
        "definition_version": "1",
        "is_synthetic": True,
        "files": 3,
        "records": 16,
        "accepted": {"Patient": 6, "Encounter": 7},
        "skipped": {"Observation": 2},
        "quarantined": {"not_json": 1},
        "duplicates": {"Patient": 1},
        "superseded": {"Encounter": 2},
        "tombstones": {},
        "live": {"Patient": 5, "Encounter": 5},
        "encounters": {"in_stay": 3, "not_inpatient": 1, "status_cancelled": 1},
        "stays": 4,
        "results": 5,
    }
    return row | changes


def result_row(measure: str = "mortality_in_hospital", value: str = "all", **changes: Any) -> dict[str, Any]:
    row = {
        "measure": measure,
        "profile": "all_adult",
        "stratum": "all",
        "stratum_value": value,
        "stratum_display": value,
        "as_of": date(2025, 6, 30),
        "numerator": 123.0,
        "denominator": 1000.0,
        "rate": 0.123,
        "ci_low": 0.101,
        "ci_high": 0.149,
        "ci_method": "wilson",
        "expected": None,
        "observed_expected": None,
        "observed_expected_ci_low": None,
        "observed_expected_ci_high": None,
        "excluded": {"age_below_18": 12},
        "is_suppressed": False,
        "is_too_few": False,
        "is_immature": False,
        "definition_version": "1",
        "run_id": "run-2",
    }
    return row | changes
