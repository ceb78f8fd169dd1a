"""Intervals at 95 %: the test vectors of MEASURES section 6, and which method each measure has."""

from math import exp, isnan, log, sqrt

import pandas as pd
import pytest
from pytest import approx
from scipy import stats

from metriccare.measures.result.interval import (
    NONE,
    byar,
    garwood,
    interval,
    poisson,
    standardised,
    student,
    wilson,
)


@pytest.mark.parametrize(
    ("events", "n", "low", "high"), [(5, 40, 0.054595, 0.261121), (0, 20, 0, 0.161125), (25, 25, 0.866808, 1)]
)
def test_a_proportion_has_the_wilson_interval(events: int, n: int, low: float, high: float) -> None:
    found = wilson(events, n)
    assert found[:2] == approx((low, high), abs=5e-7)
    assert found[2] == "wilson"


@pytest.mark.parametrize(
    ("events", "low", "high"),
    [(0, 0, 3.6889), (1, 0.0253, 5.5716), (3, 0.6187, 8.7673), (9, 4.1154, 17.0848)],
)
def test_a_count_below_10_has_the_exact_interval(events: int, low: float, high: float) -> None:
    found = poisson(events)
    assert found[:2] == approx((low, high), abs=5e-5)
    assert found[2] == "poisson_exact"


@pytest.mark.parametrize(
    ("events", "low", "high"),
    [(0, 0, 3.6889), (1, 0.0253, 5.5716), (3, 0.6187, 8.7673), (10, 4.7954, 18.3904)],
)
def test_observed_to_expected_has_the_exact_interval_at_any_count(
    events: int, low: float, high: float
) -> None:
    assert garwood(events) == approx((low, high), abs=5e-5)
    assert standardised(events, 2.5) == approx((events / 2.5, low / 2.5, high / 2.5), abs=5e-5)


def test_the_exact_limits_are_quantiles_of_chi_squared_to_the_last_digit() -> None:
    for events in [*range(1, 300), 1_000, 5_432, 100_000]:
        wanted = stats.chi2.ppf(0.025, 2 * events) / 2, stats.chi2.ppf(0.975, 2 * events + 2) / 2
        assert garwood(events) == wanted


def test_the_interval_of_a_mean_has_students_quantile_to_the_last_digit() -> None:
    for n in [*range(2, 300), 1_000, 5_432, 100_000]:
        assert student(0.0, sqrt(n), n)[1] == approx(stats.t.ppf(0.975, n - 1), rel=4e-16)


def test_where_nothing_is_expected_nothing_is_compared() -> None:
    assert all(isnan(value) for value in standardised(3, 0.0))
    assert all(isnan(value) for value in standardised(0, float("nan")))


@pytest.mark.parametrize(("events", "low", "high"), [(3, 0.6030, 8.7654), (10, 4.7874, 18.3915)])
def test_byars_approximation(events: int, low: float, high: float) -> None:
    assert byar(events) == approx((low, high), abs=5e-5)


def test_a_count_from_10_has_byars_interval() -> None:
    found = poisson(10)
    assert found[:2] == approx((4.7874, 18.3915), abs=5e-5)
    assert found[2] == "poisson_byar"


def test_a_mean_has_the_t_interval_from_two_values_on() -> None:
    assert student(4.0, 2.0, 4)[:2] == approx((4 - 3.182446, 4 + 3.182446), abs=1e-6)
    assert student(4.0, 2.0, 2)[:2] == approx((4 - 17.969, 4 + 17.969), abs=1e-3)
    assert student(4.0, float("nan"), 1) == NONE


def of(measure: str, numerator: float | None, denominator: float, **facts: float) -> tuple[float, float, str]:
    facts = {"rate": 0.0, "deviation": 2.0, "log_mean": log(3.0), "log_deviation": 0.5} | facts
    return interval(
        pd.Series({"measure": measure, "numerator": numerator, "denominator": denominator, **facts})
    )


@pytest.mark.parametrize(
    "measure",
    ["readmission_30_day", "readmission_30_day_unplanned", "mortality_in_hospital", "mortality_30_day"],
)
def test_readmission_and_mortality_are_proportions(measure: str) -> None:
    assert of(measure, 5, 40) == approx_interval(0.054595, 0.261121, "wilson")


def test_infection_rates_are_counts_on_the_scale_of_their_rate() -> None:
    assert of("infection_per_100_discharges", 3, 200) == approx_interval(
        0.6187 / 2, 8.7673 / 2, "poisson_exact"
    )
    assert of("infection_per_1000_patient_days", 3, 500) == approx_interval(
        0.6187 * 2, 8.7673 * 2, "poisson_exact"
    )
    assert of("infection_per_1000_patient_days", 10, 500)[2] == "poisson_byar"


@pytest.mark.parametrize("kind", ["billing", "midnights", "fractional"])
def test_mean_lengths_have_the_t_interval(kind: str) -> None:
    found = of(f"length_of_stay_{kind}", 16, 4, rate=4.0)
    assert found == approx_interval(4 - 3.182446, 4 + 3.182446, "t")


def test_the_geometric_mean_has_the_t_interval_of_the_logarithms() -> None:
    half = 3.182446 * 0.5 / 2
    found = of("length_of_stay_geometric_mean", None, 4, rate=3.0)
    assert found == approx_interval(exp(log(3) - half), exp(log(3) + half), "t_log")


def test_the_median_has_no_interval() -> None:
    assert of("length_of_stay_median", None, 40, rate=4.0)[2] == "none"


@pytest.mark.parametrize(
    "measure", ["readmission_30_day", "infection_per_100_discharges", "length_of_stay_billing"]
)
def test_nothing_has_no_interval(measure: str) -> None:
    assert of(measure, 0, 0)[2] == "none"


def approx_interval(low: float, high: float, method: str) -> object:
    return (approx(low, abs=1e-4), approx(high, abs=1e-4), method)
