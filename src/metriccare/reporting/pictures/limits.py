"""Control limits: how far a rate lies from the centre by chance alone, given the number of cases."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from metriccare.reporting.pictures.counts import Counts, Numbers, binomial, poisson

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
        centre: the overall share, 0 to 1.
        stays: integer numbers of stays, at least 1.
        coverage: 0.95 or 0.998.

    Returns:
        Shares within 0 and 1. Source: Spiegelhalter 2005, Statistics in Medicine 24:1185, appendix A.1.1.
    """
    counted = np.asarray(stays, dtype=float)
    return _shares(binomial(counted, centre), counted, coverage, highest=1.0)


def poisson_limits(expected: ArrayLike, coverage: float) -> Limits:
    """Return the exact limits of observed / expected around 1, for a funnel plot of standardised ratios.

    Args:
        expected: expected numbers of events, above 0.
        coverage: 0.95 or 0.998.

    Returns:
        Ratios of at least 0. Source: Spiegelhalter 2005, with the Poisson distribution of the observed events.
    """
    events = np.asarray(expected, dtype=float)
    return _shares(poisson(events), events, coverage, highest=np.inf)


def _shares(events: Counts, counted: Numbers, coverage: float, *, highest: float) -> Limits:
    """Divide the limits of the number of events by the number of cases.

    The interpolated quantile is up to one event below the integer one. At the upper limit, that would make a hospital
    an outlier too often by chance (with 1 readmission in 1 stay, at any rate), so there the quantile is interpolated
    from the upper tail, which is one event more. Counting survivors then gives the mirror image of counting deaths
    (the conservative method in Manktelow and Seaton 2012, PLoS ONE 7:e45723).
    """
    tail = (1 - coverage) / 2
    lower = interpolated_quantile(events, tail) / counted
    upper = (interpolated_quantile(events, 1 - tail) + 1) / counted
    return Limits(np.clip(lower, 0.0, highest), np.clip(upper, 0.0, highest))


def interpolated_quantile(events: Counts, probability: float) -> Numbers:
    """Return the interpolated quantile of a distribution of counts.

    Args:
        events: the distribution of the counts.
        probability: 0 to 1.

    Returns:
        r - alpha, with r the smallest count with F(r) >= probability and
        alpha = (F(r) - probability) / (F(r) - F(r - 1)). Below 0 if F(0) > probability. Source: Spiegelhalter 2005,
        appendix A.1.1.
    """
    whole = events.quantile(probability)
    held, below = events.up_to(whole), events.up_to(whole - 1)
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
    """Return whether each value lies outside its limits; a value on a limit, or NaN, does not."""
    given = np.asarray(values, dtype=float)
    on_lower, on_upper = (np.isclose(given, limit, rtol=1e-9, atol=0.0) for limit in limits)
    outside: NDArray[np.bool_] = ((given < limits.lower) & ~on_lower) | ((given > limits.upper) & ~on_upper)
    return outside
