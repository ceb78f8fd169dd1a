"""The distributions of counts are those of scipy.stats, over a grid of cases."""

import numpy as np
import pytest
from scipy import stats

from metriccare.reporting.pictures.counts import binomial, poisson

PROBABILITIES = (0.001, 0.025, 0.975, 0.999)  # those of the limits
CASES = np.unique(np.concatenate([np.arange(1, 300), np.geomspace(300, 200_000, 100).round()]))
EXPECTED = np.geomspace(1e-6, 20_000, 500)


@pytest.mark.parametrize("share", [0.0, 1e-5, 0.003, 0.15, 1 / 3, 0.5, 0.93, 1 - 1e-5, 1.0])
def test_binomial_quantiles_are_the_same_counts(share: float) -> None:
    counts = binomial(CASES, share)
    for probability in PROBABILITIES:
        assert (counts.quantile(probability) == stats.binom.ppf(probability, CASES, share)).all()


@pytest.mark.parametrize("share", [0.0, 1e-5, 0.003, 0.15, 1 / 3, 0.5, 0.93, 1 - 1e-5, 1.0])
def test_binomial_probabilities_agree_but_for_rounding(share: float) -> None:
    """They are two implementations of the same incomplete beta function."""
    counts = binomial(CASES, share)
    for events in (-1.0, 0.0, 1.0, 7.0, 250.0, *np.linspace(0, 1, 12)):
        wanted = np.floor(CASES * events) if 0 < events < 1 else np.full_like(CASES, events)
        assert counts.up_to(wanted) == pytest.approx(
            stats.binom.cdf(wanted, CASES, share), rel=1e-10, abs=1e-15
        )


def test_poisson_quantiles_and_probabilities_are_the_same_to_the_last_digit() -> None:
    counts = poisson(EXPECTED)
    for probability in PROBABILITIES:
        assert (counts.quantile(probability) == stats.poisson.ppf(probability, EXPECTED)).all()
    for events in (-1.0, 0.0, 1.0, 7.0, 250.0):
        wanted = np.full_like(EXPECTED, events)
        assert (counts.up_to(wanted) == stats.poisson.cdf(wanted, EXPECTED)).all()
    assert (counts.up_to(np.floor(EXPECTED)) == stats.poisson.cdf(np.floor(EXPECTED), EXPECTED)).all()
