"""A funnel plot names the hospitals that differ by more than chance, and no others."""

from typing import Any

import pandas as pd
import pytest
from tests.reporting.pictures.result_rows import hidden, row, subtitle, texts

from metriccare.definitions.strata import UNKNOWN_HOSPITAL
from metriccare.errors import ParameterError
from metriccare.reporting import pictures
from metriccare.reporting.pictures.wording import PROPORTIONS

MEASURE = "readmission_30_day"


def results(*hospitals: tuple[str, float, float], **over: Any) -> pd.DataFrame:
    """Return hospitals (name, readmitted, index admissions) around 150 of 1,000 of all."""
    rows = [row(MEASURE, "hospital", *hospital, **over) for hospital in hospitals]
    return pd.DataFrame([row(MEASURE, "all", "all", 150, 1000), *rows])


def labels(figure: Any) -> dict[str, str]:
    """Return the weight of each label in the margin, by hospital."""
    return {one.get_text().split("  ")[1]: one.get_fontweight() for one in figure.axes[0].texts}


def face(figure: Any, place: int) -> list[float]:
    """Return the colour inside a group's first point: groups are inside, between, outside, each before its key."""
    return list(figure.axes[0].collections[place].get_facecolors()[0])


def test_only_hospitals_outside_a_limit_are_named_those_outside_99_8_in_bold() -> None:
    # of 100 at 15 %: 95 % of chance ends at 22, 99.8 % at 27
    figure = pictures.funnel(
        results(("a", 22, 100), ("b", 23, 100), ("c", 40, 100)), MEASURE, is_synthetic=False
    )
    assert labels(figure) == {"B": "normal", "C": "bold"}
    assert "inside the 95 % limits (1)" in texts(figure)
    assert "between 95 % and 99.8 % (1)" in texts(figure)
    assert "outside the 99.8 % limits (1)" in texts(figure)


def test_unusually_few_events_are_named_too() -> None:
    assert labels(pictures.funnel(results(("a", 4, 100)), MEASURE, is_synthetic=False)) == {"A": "bold"}


def test_a_single_stay_with_an_event_is_not_called_an_outlier() -> None:
    figure = pictures.funnel(results(("tiny", 1, 1), ("b", 15, 100)), MEASURE, is_synthetic=False)
    assert labels(figure) == {}


def test_a_hospital_with_fewer_than_25_stays_is_hollow() -> None:
    small, large = (
        pictures.funnel(results(("a", 4, stays), ("b", 150, 1000)), MEASURE, is_synthetic=False)
        for stays in (24, 25)
    )
    assert face(small, 0) == [1, 1, 1, 1]
    assert face(large, 0) != [1, 1, 1, 1]
    assert "hollow: fewer than 25 stays" in texts(small)
    assert "hollow" not in texts(large)


def test_the_centre_is_the_rate_of_all_stays_and_not_the_mean_of_the_rates() -> None:
    figure = pictures.funnel(results(("a", 10, 20), ("b", 10, 20)), MEASURE, is_synthetic=False)
    assert "all hospitals: 15.0 %" in texts(figure)


def test_where_the_rate_of_all_is_hidden_the_centre_is_that_of_the_hospitals_shown() -> None:
    shown = results(("a", 10, 100), ("b", 40, 900)).iloc[1:]
    assert "hospitals shown: 5.0 %" in texts(pictures.funnel(shown, MEASURE, is_synthetic=False))


def test_the_subtitle_says_how_to_read_it_and_what_chance_alone_does() -> None:
    twenty = results(*((f"h{at}", 15, 100) for at in range(20)))
    said = subtitle(pictures.funnel(twenty, MEASURE, is_synthetic=False))
    assert "observed, unadjusted" in said
    assert "differs from the average by no more than chance would explain" in said
    assert "Of 20 hospitals, about 1.0 (1 in 20) lie outside the 95 % lines by chance alone" in said


def test_hidden_hospitals_are_counted_and_not_drawn() -> None:
    shown = results(("a", 15, 100), ("b", 15, 100))
    suppressed = [hidden(MEASURE, "hospital", f"x{at}") for at in range(2)]
    more = pd.DataFrame([*shown.to_dict("records"), *suppressed])
    said = subtitle(pictures.funnel(more, MEASURE, is_synthetic=False))
    assert "2 hospitals are hidden because of small numbers." in said
    assert "Of 2 hospitals" in said
    assert "hidden" not in subtitle(pictures.funnel(shown, MEASURE, is_synthetic=False))


def test_stays_without_a_known_hospital_are_no_hospital() -> None:
    figure = pictures.funnel(
        results(("a", 15, 100), (UNKNOWN_HOSPITAL, 90, 100)), MEASURE, is_synthetic=False
    )
    assert labels(figure) == {}
    assert "Stays of an unknown hospital only count in the average." in subtitle(figure)


def test_one_hospital_is_compared_with_itself_and_the_picture_says_so() -> None:
    assert "There is only one hospital" in subtitle(
        pictures.funnel(results(("a", 15, 100)), MEASURE, is_synthetic=False)
    )


def test_many_outliers_are_named_up_to_a_dozen_and_then_counted() -> None:
    many = results(*((f"h{at:02}", 60 + at, 100) for at in range(15)))
    shown = [one.get_text() for one in pictures.funnel(many, MEASURE, is_synthetic=False).axes[0].texts]
    assert len(shown) == 13
    assert "and 3 more" in shown
    assert "74.0 %  H14" in shown  # the furthest out


def test_hospitals_of_very_different_sizes_stand_on_a_logarithmic_axis() -> None:
    alike = pictures.funnel(results(("a", 3, 20), ("b", 90, 600)), MEASURE, is_synthetic=False)
    unlike = pictures.funnel(results(("a", 3, 20), ("b", 90, 601)), MEASURE, is_synthetic=False)
    assert [figure.axes[0].get_xscale() for figure in (alike, unlike)] == ["linear", "log"]
    assert "logarithmic" in texts(unlike)


@pytest.mark.parametrize("measure", PROPORTIONS)
@pytest.mark.parametrize("share", [0, 1])
def test_every_proportion_is_drawn_also_where_nobody_or_everybody_had_the_event(
    measure: str, share: int
) -> None:
    rows = [row(measure, stratum, "a", share, 1) for stratum in ("all", "hospital")]
    figure = pictures.funnel(pd.DataFrame(rows), measure, is_synthetic=True)
    assert figure._repr_png_().startswith(b"\x89PNG")
    assert labels(figure) == {}
    assert "synthetic data" in texts(figure)


@pytest.mark.parametrize("draw", [pictures.funnel, pictures.funnel_expected])
def test_a_funnel_without_hospitals_says_so(draw: Any) -> None:
    nothing = pd.DataFrame([hidden(MEASURE, "hospital", "a")])
    figure = draw(nothing, MEASURE, is_synthetic=False)
    assert "No result to show" in texts(figure)
    assert "1 hospital is hidden because of small numbers." in subtitle(figure)


def test_other_measures_and_mixed_profiles_are_refused_in_a_sentence() -> None:
    shown = results(("a", 15, 100))
    with pytest.raises(
        ParameterError, match="no such chart for 'length_of_stay_median': use one of readmission_30"
    ):
        pictures.funnel(shown, "length_of_stay_median", is_synthetic=False)
    with pytest.raises(
        ParameterError, match=r"more than one profile \(all_adult, simple\): pass the rows of one"
    ):
        pictures.funnel(pd.concat([shown, shown.assign(profile="simple")]), MEASURE, is_synthetic=False)


def test_observed_over_expected_is_held_against_the_poisson_limits_of_the_expected_events() -> None:
    # 4 expected: chance reaches 8 often, 9 in 2 % of hospitals, 12 in less than 0.1 %
    ratios = results(("a", 8, 100), ("b", 9, 100), ("c", 12, 100), expected=4.0)
    figure = pictures.funnel_expected(ratios, MEASURE, is_synthetic=False)
    assert [one.get_text() for one in figure.axes[0].texts] == ["2.25  B", "3.00  C"]
    assert labels(figure) == {"B": "normal", "C": "bold"}


def test_a_standardised_funnel_says_what_it_is_adjusted_for_and_for_what_not() -> None:
    figure = pictures.funnel_expected(results(("a", 8, 100), expected=4.0), MEASURE, is_synthetic=False)
    said = "Observed / expected, indirectly standardised by age band and sex; not risk-adjusted otherwise"
    assert said in subtitle(figure)


def test_hospitals_without_an_expected_number_are_left_out_of_the_standardised_funnel() -> None:
    figure = pictures.funnel_expected(results(("a", 8, 100)), MEASURE, is_synthetic=False)
    assert "No result to show" in texts(figure)
