"""A control chart holds each month against the centre of the complete months and its own limits."""

import pandas as pd
import pytest
from tests.reporting.pictures.result_rows import hidden, months, row, subtitle, texts

from metriccare.errors import ParameterError
from metriccare.reporting import pictures
from metriccare.reporting.pictures.monthly import Process, process_of

MEASURE = "mortality_30_day"
RATE = "infection_per_1000_patient_days"
CALM = [(10.0, 100.0), (11.0, 100.0), (9.0, 100.0)] * 5


def process(rows: list[dict[str, object]], measure: str = MEASURE) -> Process:
    return process_of(pd.DataFrame(rows), measure, is_proportion=measure != RATE)


def marked(one: Process, column: str) -> list[str]:
    return [str(month) for month in one.months.index[one.months[column]]]


def test_the_centre_is_a_ratio_of_sums_and_not_the_mean_of_the_months() -> None:
    assert process(months(MEASURE, [(10, 20), (10, 180)])).centre == pytest.approx(0.1)


def test_the_limits_of_a_month_vary_with_its_stays() -> None:
    limits = process(months(MEASURE, [(10, 100), (90, 900)])).months  # standard errors 0.03 and 0.01
    assert limits["upper"].tolist() == pytest.approx([0.19, 0.13])
    assert limits["lower"].tolist() == pytest.approx([0.01, 0.07])


def test_infections_per_patient_day_have_the_limits_of_a_u_chart() -> None:
    limits = process(months(RATE, [(4, 1000), (40, 10000)]), RATE).months
    assert limits["upper"].tolist() == pytest.approx([0.010, 0.005897367])


def test_a_month_beyond_its_limits_is_marked_and_named() -> None:
    rows = months(MEASURE, [*CALM, (30, 100)])  # centre 180 / 1,600, upper limit 0.207
    assert marked(process(rows), "is_outside") == ["2025-04"]
    figure = pictures.control_chart(pd.DataFrame(rows), MEASURE, is_synthetic=False)
    assert "outside the limits: Apr 2025" in texts(figure)


@pytest.mark.parametrize(("long", "runs"), [(7, 0), (8, 1)])
def test_eight_months_on_one_side_are_marked_and_seven_are_not(long: int, runs: int) -> None:
    counts = [(12.0, 100.0)] * long + [(8.0, 100.0), (14.0, 100.0)] * 2 + [(1.0, 100.0)] * 2
    one = process(months(MEASURE, counts))
    assert len(one.runs) == runs
    assert len(marked(one, "is_in_run")) == long * runs
    said = texts(pictures.control_chart(pd.DataFrame(months(MEASURE, counts)), MEASURE, is_synthetic=False))
    assert ("8 or more in a row on one side: Jan 2024 to Aug 2024" in said) is bool(runs)


def test_an_immature_month_is_hollow_and_neither_counted_nor_assessed() -> None:
    late = row(MEASURE, "month", "2025-04", 90, 100, is_immature=True)
    one = process([*months(MEASURE, CALM), late])
    assert one.centre == pytest.approx(0.1)
    assert marked(one, "is_outside") == []
    assert one.months["upper"].isna().tolist() == [False] * 15 + [True]
    figure = pictures.control_chart(pd.DataFrame([*months(MEASURE, CALM), late]), MEASURE, is_synthetic=False)
    assert "hollow: 30-day follow-up not complete, not assessed" in texts(figure)
    assert figure.axes[0].collections[-1].get_facecolors()[0].tolist() == [1, 1, 1, 1]


def test_an_immature_month_ends_a_run() -> None:
    low = [(1.0, 100.0)] * 4
    rows = [*months(MEASURE, low), row(MEASURE, "month", "2024-05", 1, 100, is_immature=True)]
    rows += [*months(MEASURE, low, "2024-06"), *months(MEASURE, [(30.0, 100.0)], "2024-10")]
    assert process(rows).runs == ()


def test_without_a_complete_month_there_is_no_centre_and_the_picture_says_so() -> None:
    rows = pd.DataFrame(months(MEASURE, CALM)).assign(is_immature=True)
    assert process_of(rows, MEASURE, is_proportion=True).centre is None
    figure = pictures.control_chart(rows, MEASURE, is_synthetic=False)
    assert "no centre line and no month is assessed" in subtitle(figure)
    assert "centre line:" not in texts(figure)
    assert "what chance explains" not in texts(figure)


def test_a_month_without_a_row_and_a_hidden_month_are_gaps_and_hidden_ones_are_counted() -> None:
    rows = [
        *months(MEASURE, CALM[:3]),
        hidden(MEASURE, "month", "2024-04"),
        *months(MEASURE, CALM[:3], "2024-06"),
    ]
    assert process(rows).months["rate"].isna().tolist() == [
        False,
        False,
        False,
        True,
        True,
        False,
        False,
        False,
    ]
    said = subtitle(pictures.control_chart(pd.DataFrame(rows), MEASURE, is_synthetic=False))
    assert "1 month is hidden because of small numbers" in said
    assert "the 6 complete months" in said


def test_a_gap_ends_a_run() -> None:
    low = [(1.0, 100.0)] * 4
    rows = [*months(MEASURE, low), *months(MEASURE, [*low, (30.0, 100.0)], "2024-06")]
    assert process(rows).runs == ()


@pytest.mark.parametrize(("count", "is_provisional"), [(11, True), (12, False)])
def test_fewer_than_twelve_months_give_provisional_limits(count: int, is_provisional: bool) -> None:
    rows = pd.DataFrame(months(MEASURE, CALM[:count]))
    assert (
        "provisional" in subtitle(pictures.control_chart(rows, MEASURE, is_synthetic=False))
    ) is is_provisional


def test_months_without_any_event_are_calm() -> None:
    one = process(months(MEASURE, [(0, 10)] * 12))
    assert (one.centre, marked(one, "is_outside"), one.runs) == (0.0, [], ())


@pytest.mark.parametrize("measure", [MEASURE, RATE])
def test_the_chart_says_its_kind_its_measure_and_that_it_is_unadjusted(measure: str) -> None:
    figure = pictures.control_chart(pd.DataFrame(months(measure, CALM)), measure, is_synthetic=True)
    assert ("p-chart" if measure == MEASURE else "u-chart") in texts(figure)
    assert "observed, unadjusted" in subtitle(figure)
    assert "synthetic data" in texts(figure)
    assert figure._repr_png_().startswith(b"\x89PNG")


@pytest.mark.parametrize("rows", [months(MEASURE, [])[:0], [hidden(MEASURE, "month", "2024-01")]])
def test_a_chart_without_months_says_so(rows: list[dict[str, object]]) -> None:
    nothing = pd.DataFrame(rows, columns=list(row(MEASURE, "month", "2024-01", 1, 100)))
    figure = pictures.control_chart(nothing, MEASURE, is_synthetic=False)
    assert "No result to show" in texts(figure)


def test_a_month_of_a_year_that_no_axis_can_show_is_left_out_and_counted() -> None:
    rows = [
        *months(MEASURE, CALM),
        row(MEASURE, "month", "0385-02", 1, 1),
        row(MEASURE, "month", "9999-12", 1, 1),
    ]
    assert len(process(rows).months) == len(CALM)
    figure = pictures.control_chart(pd.DataFrame(rows), MEASURE, is_synthetic=True)
    assert "Months before 1900 or after 2261 are left out (2)." in subtitle(figure)


def test_mixed_cuts_and_other_measures_are_refused_in_a_sentence() -> None:
    rows = pd.DataFrame(months(MEASURE, CALM))
    with pytest.raises(ParameterError, match="more than one as_of"):
        pictures.control_chart(
            pd.concat([rows, rows.assign(as_of="2025-06-30")]), MEASURE, is_synthetic=False
        )
    with pytest.raises(ParameterError, match="no such chart for 'length_of_stay_billing'"):
        pictures.control_chart(rows, "length_of_stay_billing", is_synthetic=False)
