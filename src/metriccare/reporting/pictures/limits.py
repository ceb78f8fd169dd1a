"""Control limits: how far a rate lies from the centre by chance alone, given how much was counted."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

Numbers = NDArray[np.float64]
WARNING, ACTION = 0.95, 0.998
SIGMAS = 3


class Limits(NamedTuple):
    """The lower and the upper limit of each value, in the unit of the centre."""

    lower: Numbers
    upper: Numbers


def binomial_limits(centre: float, stays: ArrayLike, coverage: float) -> Limits:
    """Return the exact limits of a proportion, for a funnel plot.

    A hospital whose true share is `centre` lies above the upper limit with a probability of at most
    (1 - coverage) / 2, and below the lower one likewise.

    Args:
        centre: the share expected of all, 0 to 1.
        stays: whole numbers of stays, at least 1.
        coverage: 0.95 or 0.998.

    Returns:
        Shares within 0 and 1. Source: Spiegelhalter 2005, Statistics in Medicine 24:1185, appendix A.1.1.
    """
    counted = np.asarray(stays, dtype=float)
    return _shares(stats.binom(counted, centre), counted, coverage, highest=1.0)


def poisson_limits(expected: ArrayLike, coverage: float) -> Limits:
    """Return the exact limits of observed / expected around 1, for a funnel plot of standardised ratios.

    Args:
        expected: expected numbers of events, above 0.
        coverage: 0.95 or 0.998.

    Returns:
        Ratios of at least 0. Source: Spiegelhalter 2005, with the Poisson distribution of the observed events.
    """
    events = np.asarray(expected, dtype=float)
    return _shares(stats.poisson(events), events, coverage, highest=np.inf)


def _shares(events: Any, counted: Numbers, coverage: float, *, highest: float) -> Limits:
    """Divide the limits of the number of events by what was counted.

    The interpolated quantile lies up to one event below the whole one. At the upper limit that would call a
    hospital an outlier whose count chance reaches too often (1 readmission in 1 stay, at any rate), so there the
    quantile is interpolated from the upper tail, which is one event more. Counting the survivors then gives the
    mirror image of counting the deaths (the conservative one of the methods in Manktelow and Seaton 2012, PLoS
    ONE 7:e45723).
    """
    tail = (1 - coverage) / 2
    lower = interpolated_quantile(events, tail) / counted
    upper = (interpolated_quantile(events, 1 - tail) + 1) / counted
    return Limits(np.clip(lower, 0.0, highest), np.clip(upper, 0.0, highest))


def interpolated_quantile(events: Any, probability: float) -> Numbers:
    """Return the number of events, as a fraction, up to which the distribution holds the probability.

    Args:
        events: a frozen scipy.stats distribution of counts.
        probability: 0 to 1.

    Returns:
        r - alpha, with r the smallest count that holds it and alpha = (F(r) - probability) / (F(r) - F(r - 1)).
        Below 0 where no event at all holds it. Source: Spiegelhalter 2005, appendix A.1.1.
    """
    whole = events.ppf(probability)
    held, below = events.cdf(whole), events.cdf(whole - 1)
    return np.asarray(whole - (held - probability) / (held - below), dtype=float)


def p_chart_limits(centre: float, stays: ArrayLike) -> Limits:
    """Return the 3-sigma limits of a proportion by month, within 0 and 1.

    Args:
        centre: the share of all months, 0 to 1.
        stays: the stays of each month, at least 1.

    Returns:
        centre +- 3 sqrt(centre (1 - centre) / stays). Source: Provost and Murray, The Health Care Data Guide, P chart.
    """
    spread = SIGMAS * np.sqrt(centre * (1 - centre) / np.asarray(stays, dtype=float))
    return Limits(np.clip(centre - spread, 0.0, 1.0), np.clip(centre + spread, 0.0, 1.0))


def u_chart_limits(centre: float, exposure: ArrayLike) -> Limits:
    """Return the 3-sigma limits of a rate of events by month, at least 0.

    Args:
        centre: events per unit of exposure (patient-day, discharge) of all months.
        exposure: the units of each month, above 0.

    Returns:
        centre +- 3 sqrt(centre / exposure). Source: Provost and Murray, The Health Care Data Guide, U chart.
    """
    spread = SIGMAS * np.sqrt(centre / np.asarray(exposure, dtype=float))
    return Limits(np.clip(centre - spread, 0.0, np.inf), centre + spread)


def is_beyond(values: ArrayLike, limits: Limits) -> NDArray[np.bool_]:
    """Say of each value whether it lies outside its limits; on the limit is inside, and nothing never outside."""
    given = np.asarray(values, dtype=float)
    on_lower, on_upper = (np.isclose(given, limit, rtol=1e-9, atol=0.0) for limit in limits)
    outside: NDArray[np.bool_] = ((given < limits.lower) & ~on_lower) | ((given > limits.upper) & ~on_upper)
    return outside
