"""What may be shown: no cell of 1 to 10, nor what it could be computed from in its row (MEASURES 6).

Each case is of an as_of of its own, so that it is alone in its publication: test_disclosure.py has the rest.
"""

from datetime import date, timedelta
from typing import Any

import pyarrow as pa
import pytest
from pyspark.sql import Row
from tests.support.tables import Rows

from metriccare.definitions.schemas import GOLD_MEASURE_RESULT
from metriccare.engine.schema import arrow_schema
from metriccare.measures import published

FIRST = date(2025, 6, 30)
NUMBERS = ("numerator", "denominator", "rate", "ci_low", "ci_high", "ci_method", "is_too_few")


def result(measure: str, numerator: float | None, denominator: float, **excluded: int) -> dict[str, Any]:
    rate = (numerator or 0.0) / denominator if denominator else None
    return {
        "measure": measure,
        "profile": "all_adult",
        "stratum": "hospital",
        "stratum_value": "H1",
        "stratum_display": "First",
        "as_of": FIRST,
        "numerator": numerator,
        "denominator": denominator,
        "rate": rate,
        "ci_low": 0.0,
        "ci_high": 1.0,
        "ci_method": "wilson",
        "excluded": excluded,
        "is_suppressed": False,
        "is_too_few": denominator < 25,
        "is_immature": False,
        "definition_version": "1",
        "run_id": "run-1",
    }


SHARE, PER_100, PER_1000 = (
    "mortality_in_hospital",
    "infection_per_100_discharges",
    "infection_per_1000_patient_days",
)
BILLING, MEDIAN = "length_of_stay_billing", "length_of_stay_median"
SHOWN = {
    "eleven of many": result(SHARE, 11.0, 100.0),
    "zero": result(SHARE, 0.0, 100.0),
    "all of many": result(SHARE, 100.0, 100.0),
    "all but eleven": result(SHARE, 89.0, 100.0),
    "nothing of nothing": result(SHARE, 0.0, 0.0),
    "no infection": result(PER_100, 0.0, 100.0),
    "eleven infections": result(PER_100, 11.0, 11.0),
    "all but one infected": result(PER_100, 99.0, 100.0),
    "eleven in 1,000 days": result(PER_1000, 11.0, 1000.0),
    "eleven stays": result(BILLING, 11.0, 11.0),
    "median of eleven stays": result(MEDIAN, None, 11.0),
}
HIDDEN = {
    "one": result(SHARE, 1.0, 100.0),
    "ten": result(SHARE, 10.0, 100.0),
    "example 26, 4 of 30": result(SHARE, 4.0, 30.0),
    "all but one": result(SHARE, 99.0, 100.0),
    "all but ten": result(SHARE, 90.0, 100.0),
    "zero of ten": result(SHARE, 0.0, 10.0),
    "one infection": result(PER_100, 1.0, 100.0),
    "no infection of ten": result(PER_100, 0.0, 10.0),
    "ten in 1,000 days": result(PER_1000, 10.0, 1000.0),
    "ten stays": result(BILLING, 400.0, 10.0),
    "median of ten stays": result(MEDIAN, None, 10.0),
}
EXCLUDED = {
    "all large": (result(SHARE, 50.0, 100.0, not_acute=11, under_18=200), {"not_acute": 11, "under_18": 200}),
    "none": (result(SHARE, 50.0, 100.0), {}),
    "one is small": (result(SHARE, 50.0, 100.0, not_acute=10, under_18=200), None),
    "of a hidden result": (result(SHARE, 5.0, 100.0, not_acute=11), None),
}
CASES = {**SHOWN, **HIDDEN, **{name: one for name, (one, _) in EXCLUDED.items()}}


FEW_DISCHARGES = (result(PER_1000, 11.0, 1000.0), result(PER_100, 0.0, 10.0))
MANY_DISCHARGES = (result(PER_1000, 11.0, 1000.0), result(PER_100, 0.0, 11.0))


def published_rows(rows: list[dict[str, Any]], is_synthetic: bool = False) -> list[Row]:
    results = pa.Table.from_pylist(rows, arrow_schema(GOLD_MEASURE_RESULT))
    return Rows(published(results, is_synthetic)).collect()


def publish(is_synthetic: bool) -> dict[str, Row]:
    alone = {name: FIRST + timedelta(days=at) for at, name in enumerate(CASES)}
    rows = [{**one, "stratum_value": name, "as_of": alone[name]} for name, one in CASES.items()]
    return {row.stratum_value: row for row in published_rows(rows, is_synthetic)}


@pytest.fixture(scope="module")
def shown() -> dict[str, Row]:
    return publish(is_synthetic=False)


def numbers(row: Row | dict[str, Any]) -> list[float | None]:
    return [row[name] for name in NUMBERS]


@pytest.mark.parametrize("name", SHOWN)
def test_zero_and_more_than_ten_may_be_shown(shown: dict[str, Row], name: str) -> None:
    assert numbers(shown[name]) == numbers(SHOWN[name])
    assert not shown[name].is_suppressed


@pytest.mark.parametrize("name", HIDDEN)
def test_one_to_ten_is_hidden_with_all_that_tells_it(shown: dict[str, Row], name: str) -> None:
    assert numbers(shown[name]) == [None] * len(NUMBERS)
    assert shown[name].is_suppressed


@pytest.mark.parametrize("name", EXCLUDED)
def test_excluded_counts_are_shown_only_if_none_is_small(shown: dict[str, Row], name: str) -> None:
    assert shown[name].excluded == EXCLUDED[name][1]


def test_a_rate_per_patient_day_is_hidden_with_few_discharges_in_its_stratum() -> None:
    few = [one | {"stratum_value": "few"} for one in FEW_DISCHARGES]
    later = FIRST + timedelta(days=1)
    many = [one | {"stratum_value": "many", "as_of": later} for one in MANY_DISCHARGES]
    hidden = {
        row.stratum_value: row.is_suppressed for row in published_rows(few + many) if row.measure == PER_1000
    }
    assert hidden == {"few": True, "many": False}


def test_a_hidden_result_keeps_its_key(shown: dict[str, Row]) -> None:
    row = shown["one"]
    assert (row.measure, row.stratum, row.stratum_display) == (SHARE, "hospital", "First")


def test_what_says_how_many_there_are_is_hidden_too(shown: dict[str, Row]) -> None:
    """The interval's method and "too few" are said of rows with numbers only; no observed/expected remains."""
    row = shown["one"]
    told = {
        name: value
        for name, value in row.asDict().items()
        if name.startswith(("ci_", "expected", "observed", "is_too"))
    }
    assert set(told.values()) == {None}


def test_one_hidden_row_of_a_total_takes_another_with_it() -> None:
    whole = result(SHARE, 64.0, 640.0) | {"stratum": "all", "stratum_value": "all"}
    deaths = {"H1": 4.0, "H2": 20.0, "H3": 40.0}
    hospitals = [result(SHARE, x, x * 10) | {"stratum_value": name} for name, x in deaths.items()]
    found = {row.stratum_value: row.is_suppressed for row in published_rows([whole, *hospitals])}
    assert found == {"H1": True, "H2": True, "H3": False, "all": False}


def test_synthetic_data_are_shown_whole() -> None:
    rows = publish(is_synthetic=True)
    for name, one in CASES.items():
        assert numbers(rows[name]) == numbers(one)
        assert (rows[name].excluded, rows[name].is_suppressed) == (one["excluded"], False)
