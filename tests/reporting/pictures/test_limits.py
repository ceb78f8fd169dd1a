"""Control limits hold what chance may do, at figures worked out by hand and against the exact probabilities."""

import numpy as np
import pytest
from scipy import stats

from metriccare.reporting.pictures.counts import binomial
from metriccare.reporting.pictures.limits import (
    ACTION,
    WARNING,
    Limits,
    binomial_limits,
    interpolated_quantile,
    is_beyond,
    p_chart_limits,
    poisson_limits,
    u_chart_limits,
)

TAIL = {WARNING: 0.025, ACTION: 0.001}


def test_the_quantile_is_interpolated_as_in_spiegelhalter_2005() -> None:
    # 10 tosses: F(1) = 11/1024, F(2) = 56/1024; 2 - (56/1024 - 0.025) / (45/1024)
    assert interpolated_quantile(binomial(np.array([10.0]), 0.5), 0.025) == pytest.approx(1.324444, abs=1e-6)
    # F(7) = 968/1024, F(8) = 1013/1024
    assert interpolated_quantile(binomial(np.array([10.0]), 0.5), 0.975) == pytest.approx(7.675556, abs=1e-6)


def test_binomial_limits_of_ten_stays_at_one_half_are_those_worked_out_by_hand() -> None:
    lower, upper = binomial_limits(0.5, [10], WARNING)
    assert (lower[0], upper[0]) == pytest.approx((0.1324444, 0.8675556), abs=1e-7)


def test_poisson_limits_of_four_expected_events_are_those_worked_out_by_hand() -> None:
    # lower: 1 - (0.0915782 - 0.025) / 0.0732626 = 0.091237; upper: 8 - (0.9786366 - 0.975) / 0.0297702 + 1 = 8.877840
    lower, upper = poisson_limits([4.0], WARNING)
    assert (lower[0] * 4, upper[0] * 4) == pytest.approx((0.091237, 8.877840), abs=2e-5)


@pytest.mark.parametrize("coverage", [WARNING, ACTION])
@pytest.mark.parametrize(("share", "stays"), [(0.15, 1), (0.15, 12), (0.03, 40), (0.5, 33), (0.93, 200)])
def test_exactly_the_counts_that_chance_reaches_too_rarely_lie_outside(
    share: float, stays: int, coverage: float
) -> None:
    counts = np.arange(stays + 1)
    lower, upper = binomial_limits(share, [stays], coverage)
    too_many = stats.binom.sf(counts - 1, stays, share) < TAIL[coverage]
    too_few = stats.binom.cdf(counts, stays, share) < TAIL[coverage]
    outside = is_beyond(counts / stays, Limits(lower, upper))
    assert outside.tolist() == (too_many | too_few).tolist()


@pytest.mark.parametrize("expected", [0.2, 4.0, 57.3])
def test_exactly_the_events_that_chance_reaches_too_rarely_lie_outside_the_poisson_limits(
    expected: float,
) -> None:
    events = np.arange(120)
    too_many = stats.poisson.sf(events - 1, expected) < TAIL[ACTION]
    too_few = stats.poisson.cdf(events, expected) < TAIL[ACTION]
    outside = is_beyond(events / expected, poisson_limits([expected], ACTION))
    assert outside.tolist() == (too_many | too_few).tolist()


def test_one_readmission_in_one_stay_is_no_outlier() -> None:
    assert binomial_limits(0.15, [1], WARNING) == ([0.0], [1.0])


def test_counting_the_survivors_gives_the_mirror_image_of_counting_the_deaths() -> None:
    deaths, survivors = (binomial_limits(share, [7, 80, 900], ACTION) for share in (0.06, 0.94))
    assert deaths.lower == pytest.approx(1 - survivors.upper)
    assert deaths.upper == pytest.approx(1 - survivors.lower)


@pytest.mark.parametrize(("share", "observed"), [(0.0, 0.0), (1.0, 1.0)])
def test_where_the_share_of_all_is_nothing_or_all_nobody_lies_outside(share: float, observed: float) -> None:
    assert not is_beyond([observed, observed], binomial_limits(share, [1, 50], WARNING)).any()


def test_the_funnel_narrows_with_the_number_of_stays_and_99_8_lies_outside_95() -> None:
    warning, action = (binomial_limits(0.15, [100, 1000, 10000], coverage) for coverage in (WARNING, ACTION))
    assert (np.diff(warning.upper) < 0).all()
    assert (np.diff(warning.lower) > 0).all()
    assert (action.upper > warning.upper).all()
    assert (action.lower < warning.lower).all()


def test_p_chart_limits_are_three_standard_errors_within_0_and_1() -> None:
    lower, upper = p_chart_limits(0.1, [100, 25, 1])  # standard errors 0.03, 0.06, 0.3
    assert lower == pytest.approx([0.01, 0.0, 0.0])
    assert upper == pytest.approx([0.19, 0.28, 1.0])


def test_p_chart_limits_around_no_event_are_nothing() -> None:
    assert p_chart_limits(0.0, [10]) == ([0.0], [0.0])


def test_u_chart_limits_are_three_roots_of_rate_by_exposure_from_0_on() -> None:
    lower, upper = u_chart_limits(0.004, [1000, 10000])  # roots 0.002, 0.000632456
    assert lower == pytest.approx([0.0, 0.002102633])
    assert upper == pytest.approx([0.010, 0.005897367])


def test_on_the_limit_is_inside_and_a_missing_value_is_not_outside() -> None:
    limits = Limits(np.full(5, 0.1), np.full(5, 0.3))
    values = [0.1, 0.1 + 0.2, 0.300001, 0.09, np.nan]  # the sum is a little over 0.3 by rounding alone
    assert is_beyond(values, limits).tolist() == [False, False, True, True, False]
