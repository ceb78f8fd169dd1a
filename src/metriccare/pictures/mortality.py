"""Mortality by year."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from metriccare.pictures.canvas import (
    BLUE,
    ORANGE,
    UNADJUSTED,
    Picture,
    canvas,
    errors_of,
    nothing_to_show,
    rows_of,
)

LINES = (
    ("mortality_30_day", "within 30 days of admission", ORANGE),
    ("mortality_in_hospital", "in hospital", BLUE),
)


def mortality_by_year(results: pd.DataFrame, *, is_synthetic: bool) -> Picture:
    """Return two lines by year of discharge, with 95 % intervals; a hollow point lacks part of its follow-up."""
    figure, axes = canvas(
        "Mortality by year of discharge",
        f"Share of acute stays; {UNADJUSTED}; bars: 95 % intervals; hollow: 30-day follow-up not complete",
        is_synthetic=is_synthetic,
    )
    drawn = [_line(axes, rows_of(results, *key), label, colour) for *key, label, colour in _series()]
    if not any(drawn):
        nothing_to_show(axes)
        return figure
    axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    axes.set_ylim(bottom=0)
    axes.set_ylabel("died, % of stays")
    axes.legend(frameon=False, fontsize=9)
    return figure


def _series() -> list[tuple[str, str, str, str]]:
    return [(measure, "year", label, colour) for measure, label, colour in LINES]


def _line(axes: Axes, rows: pd.DataFrame, label: str, colour: str) -> bool:
    rows = rows.sort_values("stratum_value")
    years = rows["stratum_value"].tolist()
    axes.errorbar(
        years, rows["rate"], yerr=errors_of(rows), color=colour, capsize=3, label=label, linewidth=1.8
    )
    faces = ["white" if immature else colour for immature in rows["is_immature"]]
    axes.scatter(years, rows["rate"], facecolors=faces, edgecolors=colour, zorder=3)
    return not rows.empty
