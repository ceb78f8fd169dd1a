"""Horizontal bars by hospital, with intervals and the rate of all hospitals as a line."""

import pandas as pd
from matplotlib.axes import Axes

from metriccare.definitions.measures import Measure
from metriccare.definitions.strata import ALL, HOSPITAL
from metriccare.reporting.pictures.canvas import (
    BLUE,
    GREY,
    UNADJUSTED,
    Picture,
    canvas,
    errors_of,
    nothing_to_show,
    rows_of,
)


def hospital_bars(
    results: pd.DataFrame,
    measure: Measure,
    *,
    title: str,
    is_synthetic: bool,
) -> Picture:
    """Return a bar chart of one measure, highest first.

    Args:
        results: rows of gold.measure_published.
        measure: the measure.
        title: the title of the chart.
        is_synthetic: draw the watermark.
    """
    rows = rows_of(results, measure.name, HOSPITAL).sort_values("rate")
    subtitle = f"{measure.description}; {UNADJUSTED}; lines: 95 % intervals"
    figure, axes = canvas(title, subtitle, height=1.6 + 0.42 * max(4, len(rows)), is_synthetic=is_synthetic)
    if rows.empty:
        nothing_to_show(axes)
        return figure
    names = [f"{row.stratum_display} (n = {row.denominator:,.0f})" for row in rows.itertuples()]
    rates = (rows["rate"] * measure.percent).tolist()
    axes.barh(names, rates, color=BLUE, alpha=0.85, height=0.62)
    axes.errorbar(
        rates, names, xerr=errors_of(rows, measure.percent), fmt="none", ecolor="#222222", capsize=3
    )
    _mark_all(axes, rows_of(results, measure.name, ALL), measure)
    axes.set_xlabel(measure.axis)
    axes.set_xlim(left=0)
    return figure


def _mark_all(axes: Axes, whole: pd.DataFrame, measure: Measure) -> None:
    if whole.empty:
        return
    rate = float(whole["rate"].iloc[0]) * measure.percent
    axes.axvline(rate, color=GREY, linestyle="--", linewidth=1)
    text = f"all: {rate:.{measure.digits}f}{measure.unit}"
    axes.annotate(
        text, (rate, 1.0), xycoords=("data", "axes fraction"), xytext=(4, -2),
        textcoords="offset points", fontsize=8, color="#555555", va="top",
    )  # fmt: skip
