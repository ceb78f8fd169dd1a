"""The picture of what drives a hospital's rate."""

from typing import Any

import pandas as pd
import pytest
from tests.reporting.pictures.result_rows import subtitle, texts

from metriccare.errors import ParameterError
from metriccare.reporting import pictures


def group(
    name: str, stays: int, events: int, excess: float | None, factor: str = "age_band"
) -> dict[str, Any]:
    return {
        "factor": factor,
        "group": name,
        "stays": stays,
        "events": events,
        "rate": events / stays if stays else None,
        "rate_elsewhere": 0.1,
        "excess": excess,
    }


def draw(*rows: dict[str, Any], **options: Any) -> Any:
    given = {"hospital": "General", "profile": "all_adult", "is_synthetic": False} | options
    return pictures.excess_by_group(pd.DataFrame(list(rows)), "readmission_30_day", **given)


def labels(figure: Any) -> list[str]:
    """Return the labels from bottom to top."""
    return [label.get_text() for label in figure.axes[0].get_yticklabels()]


def test_the_greatest_excess_is_on_top_and_every_bar_says_of_how_many() -> None:
    figure = draw(group("85+", 40, 10, 6.0), group("18-44", 50, 2, -3.0))
    assert labels(figure) == ["age band: 18-44 (2 of 50)", "age band: 85+ (10 of 40)"]
    assert "25%, 10%" in texts(figure)


def test_the_greatest_differences_are_chosen_whatever_their_sign() -> None:
    figure = draw(group("a", 9, 3, 1.0), group("b", 9, 3, -5.0), group("c", 9, 3, 2.0), most=2)
    assert [label.split()[2] for label in labels(figure)] == ["b", "c"]


def test_groups_without_a_comparison_or_without_stays_are_not_drawn() -> None:
    figure = draw(group("a", 9, 3, 1.0), group("b", 9, 3, None), group("c", 0, 0, 0.0))
    assert labels(figure) == ["age band: a (3 of 9)"]


def test_the_subtitle_says_what_is_counted_and_how_many_are_hidden() -> None:
    told = subtitle(draw(group("a", 9, 3, 1.0), hidden=4))
    assert "observed, unadjusted; profile all_adult; 4 groups suppressed." in told
    assert "suppressed" not in subtitle(draw(group("a", 9, 3, 1.0)))


def test_only_synthetic_data_are_watermarked() -> None:
    assert "synthetic data" in texts(draw(group("a", 9, 3, 1.0), is_synthetic=True))
    assert "synthetic data" not in texts(draw(group("a", 9, 3, 1.0)))


def test_a_picture_of_nothing_says_so() -> None:
    assert "No result to show" in texts(draw(group("a", 9, 3, None)))


def test_a_measure_that_is_no_proportion_is_refused() -> None:
    with pytest.raises(ParameterError, match="no such chart for 'length_of_stay_billing'"):
        pictures.excess_by_group(
            pd.DataFrame([group("a", 9, 3, 1.0)]),
            "length_of_stay_billing",
            hospital="General",
            profile="all_adult",
            is_synthetic=False,
        )
