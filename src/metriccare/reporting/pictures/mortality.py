"""Mortality by year."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from metriccare.definitions.measures import MORTALITY_30_DAY, MORTALITY_IN_HOSPITAL, title_of
from metriccare.definitions.strata import YEAR
from metriccare.reporting.pictures.canvas import (
    BLUE,
    ORANGE,
    UNADJUSTED,
    Picture,
    canvas,
    errors_of,
    nothing_to_show,
    rows_of,
)

LINES = ((MORTALITY_30_DAY, ORANGE, -0.02), (MORTALITY_IN_HOSPITAL, BLUE, 0.02))


def mortality_by_year(results: pd.DataFrame, *, is_synthetic: bool) -> Picture:
    """Return two lines by year of discharge, with 95 % intervals; the follow-up of hollow points is incomplete."""
    figure, axes = canvas(
        "Mortality by year of discharge",
        f"Share of acute stays; {UNADJUSTED}; bars: 95 % intervals; hollow: 30-day follow-up not complete",
        is_synthetic=is_synthetic,
    )
    years = sorted(
        {year for measure, *_ in LINES for year in rows_of(results, measure, YEAR)["stratum_value"]}
    )
    if not years:
        nothing_to_show(axes)
        return figure
    for measure, colour, aside in LINES:
        rows, label = rows_of(results, measure, YEAR), title_of(measure)
        _line(axes, rows, years, label=label, colour=colour, aside=aside)
    axes.set_xticks(range(len(years)), years)
    axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    axes.set_ylim(bottom=0)
    axes.set_ylabel("died, % of stays")
    axes.legend(frameon=False, fontsize=9)
    return figure


def _line(axes: Axes, rows: pd.DataFrame, years: list[str], *, label: str, colour: str, aside: float) -> None:
    rows = rows.sort_values("stratum_value")
    places = [years.index(year) + aside for year in rows["stratum_value"]]
    axes.errorbar(
        places,
        rows["rate"].tolist(),
        yerr=errors_of(rows),
        color=colour,
        capsize=3,
        label=label,
        linewidth=1.8,
    )
    faces = ["white" if immature else colour for immature in rows["is_immature"]]
    axes.scatter(places, rows["rate"].tolist(), facecolors=faces, edgecolors=colour, zorder=3)
