"""Confidence intervals at 95 % (MEASURES 6)."""

from collections.abc import Mapping
from math import exp, isnan, nan, sqrt
from typing import Any

import pyarrow as pa

from metriccare.definitions.measures import MEASURES, Kind

ALPHA = 0.05
Z = 1.959964
EXACT_BELOW = 10

Interval = tuple[float, float, str]
NONE: Interval = (nan, nan, "none")

_ADDED = pa.schema(
    [
        ("ci_low", pa.float64()),
        ("ci_high", pa.float64()),
        ("ci_method", pa.string()),
        ("observed_expected", pa.float64()),
        ("observed_expected_ci_low", pa.float64()),
        ("observed_expected_ci_high", pa.float64()),
    ]
)


def wilson(events: float, n: float) -> Interval:
    """Return the Wilson score interval of a proportion."""
    if n <= 0:
        return NONE
    p = events / n
    centre = p + Z**2 / (2 * n)
    half = Z * sqrt(p * (1 - p) / n + Z**2 / (4 * n**2))
    scale = 1 + Z**2 / n
    return max(0.0, (centre - half) / scale), min(1.0, (centre + half) / scale), "wilson"


def poisson(events: float) -> Interval:
    """Return the interval of a count: exact (Garwood) below 10 events, Byar's approximation above."""
    if events < EXACT_BELOW:
        return *garwood(events), "poisson_exact"
    return *byar(events), "poisson_byar"


def garwood(events: float) -> tuple[float, float]:
    """Return the exact limits of a Poisson count."""
    from scipy import special  # where it is needed: to import it takes half a second

    # Half a quantile of chi-squared with 2 k degrees of freedom; scipy.stats, which has it, takes a second to import.
    low = special.gammaincinv(events, ALPHA / 2) if events > 0 else 0.0
    return float(low), float(special.gammaincinv(events + 1, 1 - ALPHA / 2))


def byar(events: float) -> tuple[float, float]:
    """Return Byar's approximation of the limits of a Poisson count of 1 and more."""
    return _byar_limit(events, -1.0), _byar_limit(events + 1, 1.0)


def standardised(observed: float, expected: float) -> tuple[float, float, float]:
    """Return observed / expected with its exact limits; nothing where nothing was expected."""
    if not expected > 0:
        return nan, nan, nan
    low, high = garwood(observed)
    return observed / expected, low / expected, high / expected


def _byar_limit(events: float, sign: float) -> float:
    return events * (1 - 1 / (9 * events) + sign * Z / (3 * sqrt(events))) ** 3


def student(mean: float, deviation: float, n: float) -> Interval:
    """Return the t interval of a mean; none below two values."""
    if n < 2 or isnan(deviation):  # noqa: PLR2004
        return NONE
    from scipy import special

    half = float(special.stdtrit(n - 1, 1 - ALPHA / 2)) * deviation / sqrt(n)
    return mean - half, mean + half, "t"


def interval(row: Mapping[str, Any]) -> Interval:
    """Return the interval of one result, on the scale of its rate."""
    measure, n = MEASURES[str(row["measure"])], float(row["denominator"])
    if n <= 0:
        return NONE
    if measure.kind is Kind.RATE:
        low, high, method = poisson(float(row["numerator"]))
        return low * measure.per / n, high * measure.per / n, method
    if measure.kind is Kind.MEDIAN:
        return NONE
    if measure.kind is Kind.GEOMETRIC_MEAN:
        low, high, method = student(_number(row["log_mean"]), _number(row["log_deviation"]), n)
        return (exp(low), exp(high), "t_log") if method == "t" else NONE
    if measure.kind is Kind.MEAN:
        return student(float(row["rate"]), _number(row["deviation"]), n)
    return wilson(float(row["numerator"]), n)


def with_intervals(results: pa.Table) -> pa.Table:
    """Add the interval of every rate, and observed / expected with its own where `expected` is given.

    Args:
        results: what `RESULTS` gives.

    Returns:
        The same rows with the columns of `_ADDED`, null where there is none.
    """
    read = (
        "measure",
        "numerator",
        "denominator",
        "rate",
        "expected",
        "deviation",
        "log_mean",
        "log_deviation",
    )
    rows = results.select(read).to_pylist()
    found = [(*interval(row), *_standardised(row)) for row in rows]
    for at, field in enumerate(_ADDED):
        values = pa.array([one[at] for one in found], field.type, from_pandas=True)  # NaN becomes null
        results = results.append_column(field, values)
    return results


def _standardised(row: Mapping[str, Any]) -> tuple[float, float, float]:
    if row["expected"] is None:
        return nan, nan, nan
    return standardised(float(row["numerator"]), float(row["expected"]))


def _number(value: float | None) -> float:
    return nan if value is None else float(value)
