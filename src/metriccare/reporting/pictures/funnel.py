"""Funnel plots: which hospitals differ by more than chance, given their number of stays.

Bars alone make small hospitals look bad or good by chance. Source: Spiegelhalter 2005, Statistics in Medicine 24:1185.
"""

import pandas as pd

from metriccare.definitions.strata import HOSPITAL, UNKNOWN_HOSPITAL
from metriccare.reporting.pictures.canvas import Picture, canvas, nothing_to_show, rows_of
from metriccare.reporting.pictures.counts import Numbers
from metriccare.reporting.pictures.funnel_drawing import Funnel, draw_funnel
from metriccare.reporting.pictures.limits import (
    ACTION,
    WARNING,
    Limits,
    binomial_limits,
    poisson_limits,
)
from metriccare.reporting.pictures.wording import (
    PROPORTIONS,
    check_one_view,
    measure_among,
    number_hidden,
    observed,
    profile_of,
)

PERCENT = 100.0
HOW_TO_READ = (
    "A hospital inside the funnel differs from the average by no more than chance would explain. For one outside, "
    "check data, coding and case mix first."
)
STANDARDISED = (
    "Observed / expected, indirectly standardised by age band and sex; not risk-adjusted otherwise. Expected: the "
    "number of events at the overall rates of all hospitals."
)


def funnel(results: pd.DataFrame, measure: str, *, is_synthetic: bool) -> Picture:
    """Return each hospital's rate in percent by its number of stays, with 95 % and 99.8 % control limits.

    Args:
        results: rows of gold.measure_published with one profile and one as_of.
        measure: one of the four proportions (readmission, mortality).
        is_synthetic: draw the watermark.

    Raises:
        ParameterError: the measure is not a proportion, or the rows have several profiles or as_of dates.
    """
    chosen = measure_among(measure, PROPORTIONS)
    check_one_view(results)
    hospitals = _hospitals(results, measure)
    title = f"{chosen.title}: funnel plot by hospital"
    explained = f"{observed(chosen, results)} {HOW_TO_READ} {_caution(results, measure, len(hospitals))}"
    drawn = None if hospitals.empty else _of_rates(hospitals, rows_of(results, measure, "all"))
    return _picture(
        title, explained, drawn, (f"number of {chosen.denominator}", chosen.axis), is_synthetic=is_synthetic
    )


def funnel_expected(results: pd.DataFrame, measure: str, *, is_synthetic: bool) -> Picture:
    """Return each hospital's observed / expected by its expected number of events, with exact Poisson limits.

    The hospitals are part of the standard they are compared with, and their events vary a little less than a Poisson
    distribution, so the limits are somewhat wide.

    Args:
        results: rows of gold.measure_published with one profile and one as_of, and with `expected`.
        measure: one of the four proportions (readmission, mortality).
        is_synthetic: draw the watermark.

    Raises:
        ParameterError: the measure is not a proportion, or the rows have several profiles or as_of dates.
    """
    chosen = measure_among(measure, PROPORTIONS)
    check_one_view(results)
    hospitals = _hospitals(results, measure)
    hospitals = hospitals[pd.to_numeric(hospitals["expected"]).fillna(0) > 0]
    title = f"{chosen.title}: observed / expected, by hospital"
    said = (f"{STANDARDISED}{profile_of(results, ' Rules: ')}.", HOW_TO_READ)
    explained = " ".join([*said, _caution(results, measure, len(hospitals))])
    drawn = None if hospitals.empty else _of_ratios(hospitals)
    axis_labels = ("expected number of events", "observed / expected")
    return _picture(title, explained, drawn, axis_labels, is_synthetic=is_synthetic)


def _picture(
    title: str, explained: str, drawn: Funnel | None, axis_labels: tuple[str, str], *, is_synthetic: bool
) -> Picture:
    figure, axes = canvas(title, explained, height=4.9, is_synthetic=is_synthetic)
    if drawn is None:
        nothing_to_show(axes)
        return figure
    draw_funnel(axes, drawn)
    axes.set_xlabel(axis_labels[0] + (" (logarithmic scale)" if drawn.is_wide else ""))
    axes.set_ylabel(axis_labels[1])
    return figure


def _hospitals(results: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Return one row per hospital with a rate; stays of an unknown hospital are left out."""
    rows = rows_of(results, measure, HOSPITAL)
    return rows[(rows["stratum_value"] != UNKNOWN_HOSPITAL) & (rows["denominator"] > 0)]


def _of_rates(hospitals: pd.DataFrame, whole: pd.DataFrame) -> Funnel:
    """Return the funnel of percent by stays, with binomial limits around the overall share.

    The overall share is that of all stays (`whole`), or of the hospitals shown if that cell is hidden.
    """
    counted, of_whom = (hospitals, "hospitals shown") if whole.empty else (whole, "all hospitals")
    centre = float(counted["numerator"].sum() / counted["denominator"].sum())
    stays = hospitals["denominator"].to_numpy(dtype=float)
    rates = hospitals["numerator"].to_numpy(dtype=float) / stays * PERCENT

    def limits(at: Numbers, coverage: float) -> Limits:
        lower, upper = binomial_limits(centre, at, coverage)
        return Limits(lower * PERCENT, upper * PERCENT)

    return Funnel(
        names=hospitals["stratum_display"].tolist(),
        notes=[f"{rate:.1f} %" for rate in rates],
        x=stays,
        y=rates,
        is_too_few=hospitals["is_too_few"].to_numpy(dtype=bool),
        centre=centre * PERCENT,
        centre_text=f"{of_whom}: {centre * PERCENT:.1f} %",
        limits=limits,
        is_whole=True,
    )


def _of_ratios(hospitals: pd.DataFrame) -> Funnel:
    """Return the funnel of observed / expected by expected events, with Poisson limits around 1."""
    expected = hospitals["expected"].to_numpy(dtype=float)
    ratios = hospitals["numerator"].to_numpy(dtype=float) / expected
    return Funnel(
        names=hospitals["stratum_display"].tolist(),
        notes=[f"{ratio:.2f}" for ratio in ratios],
        x=expected,
        y=ratios,
        is_too_few=hospitals["is_too_few"].to_numpy(dtype=bool),
        centre=1.0,
        centre_text="as expected: 1.00",
        limits=poisson_limits,
        is_whole=False,
    )


def _caution(results: pd.DataFrame, measure: str, number: int) -> str:
    """Return a text on how many lie outside by chance alone, and how many are not shown."""
    said = []
    if number == 1:
        said.append("There is only one hospital, so it is compared with itself.")
    if number > 1:
        said.append(
            f"Of {number} hospitals, about {number * (1 - WARNING):.1f} (1 in 20) lie outside the 95 % lines by "
            f"chance alone, and about {number * (1 - ACTION):.2f} (1 in 500) outside the 99.8 % lines."
        )
    if (rows_of(results, measure, HOSPITAL)["stratum_value"] == UNKNOWN_HOSPITAL).any():
        said.append("Stays of an unknown hospital only count in the average.")
    hidden = number_hidden(results, measure, HOSPITAL)
    if hidden:
        said.append("1 hospital is" if hidden == 1 else f"{hidden} hospitals are")
        said.append("hidden because of small numbers.")
    return " ".join(said)
