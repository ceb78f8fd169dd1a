"""Confidence intervals at 95 % (MEASURES 6)."""

from collections.abc import Iterable
from math import exp, nan, sqrt

import pandas as pd
from pyspark.sql import DataFrame
from scipy import stats

from metriccare.measures import definition as d

ALPHA = 0.05
Z = 1.959964
EXACT_BELOW = 10

Interval = tuple[float, float, str]
NONE: Interval = (nan, nan, "none")

SCALE = {d.INFECTION_DISCHARGES: 100.0, d.INFECTION_PATIENT_DAYS: 1000.0}


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
        low = stats.chi2.ppf(ALPHA / 2, 2 * events) / 2 if events > 0 else 0.0
        return float(low), float(stats.chi2.ppf(1 - ALPHA / 2, 2 * events + 2) / 2), "poisson_exact"
    return _byar(events, -1.0), _byar(events + 1, 1.0), "poisson_byar"


def _byar(events: float, sign: float) -> float:
    return events * (1 - 1 / (9 * events) + sign * Z / (3 * sqrt(events))) ** 3


def student(mean: float, deviation: float, n: float) -> Interval:
    """Return the t interval of a mean; none below two values."""
    if n < 2 or pd.isna(deviation):  # noqa: PLR2004
        return NONE
    half = float(stats.t.ppf(1 - ALPHA / 2, n - 1)) * deviation / sqrt(n)
    return mean - half, mean + half, "t"


def interval(row: pd.Series) -> Interval:
    """Return the interval of one result, on the scale of its rate."""
    measure, n = str(row["measure"]), float(row["denominator"])
    if n <= 0:
        return NONE
    if measure in SCALE:
        low, high, method = poisson(float(row["numerator"]))
        return low * SCALE[measure] / n, high * SCALE[measure] / n, method
    if measure == d.LENGTH_MEDIAN:
        return NONE
    if measure == d.LENGTH_GEOMETRIC_MEAN:
        low, high, method = student(float(row["log_mean"]), float(row["log_deviation"]), n)
        return (exp(low), exp(high), "t_log") if method == "t" else NONE
    if measure.startswith("length_of_stay"):
        return student(float(row["rate"]), float(row["deviation"]), n)
    return wilson(float(row["numerator"]), n)


def with_intervals(results: DataFrame) -> DataFrame:
    """Add `ci_low`, `ci_high` and `ci_method` to every result."""

    def add(frames: Iterable[pd.DataFrame]) -> Iterable[pd.DataFrame]:
        for frame in frames:
            found = [interval(row) for _, row in frame.iterrows()]
            yield frame.assign(
                ci_low=[low for low, _, _ in found],
                ci_high=[high for _, high, _ in found],
                ci_method=[method for _, _, method in found],
            )

    ddl = ", ".join(f"{field.name} {field.dataType.simpleString()}" for field in results.schema.fields)
    added = results.mapInPandas(add, f"{ddl}, ci_low DOUBLE, ci_high DOUBLE, ci_method STRING")
    return added.replace(nan, None, subset=["ci_low", "ci_high"])
