"""A run of 8 months on one side of the centre is no chance."""

from math import nan

import pytest

from metriccare.reporting.pictures.run_rule import long_runs


def test_seven_on_one_side_are_no_run_and_eight_are() -> None:
    assert long_runs([2] * 7 + [0], 1.0) == []
    assert long_runs([2] * 8 + [0], 1.0) == [list(range(8))]


def test_below_the_centre_counts_like_above_and_changing_sides_ends_a_run() -> None:
    assert long_runs([2] * 8 + [0] * 9, 1.0) == [list(range(8)), list(range(8, 17))]
    assert long_runs([2] * 7 + [0] * 7, 1.0) == []


def test_a_month_on_the_centre_neither_adds_to_a_run_nor_ends_it() -> None:
    assert long_runs([2] * 4 + [1] + [2] * 3, 1.0) == []
    assert long_runs([2] * 4 + [1] + [2] * 4, 1.0) == [[0, 1, 2, 3, 5, 6, 7, 8]]


def test_rounding_does_not_move_a_month_off_the_centre() -> None:
    assert long_runs([0.1 + 0.2] * 8, 0.3) == []


def test_a_missing_month_ends_a_run() -> None:
    assert long_runs([2] * 4 + [nan] + [2] * 4, 1.0) == []
    assert long_runs([nan] * 9, 1.0) == []


@pytest.mark.parametrize("values", [[], [2.0]])
def test_no_or_one_month_is_no_run(values: list[float]) -> None:
    assert long_runs(values, 1.0) == []
