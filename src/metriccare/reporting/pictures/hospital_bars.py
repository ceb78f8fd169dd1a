"""Horizontal bars by hospital, with intervals and the rate of all hospitals as a line."""

import pandas as pd
from matplotlib.axes import Axes

from metriccare.reporting.pictures.canvas import (
    BLUE,
    GREY,
    Picture,
    canvas,
    errors_of,
    nothing_to_show,
    rows_of,
)


def hospital_bars(
    results: pd.DataFrame,
    measure: str,
    *,
    title: str,
    subtitle: str,
    label: str,
    unit: str,
    scale: float = 1.0,
    is_synthetic: bool,
) -> Picture:
    """Return the bars of one measure, highest first.

    Args:
        results: rows of gold.measure_published.
        measure: the measure.
        title: what is shown.
        subtitle: what is counted.
        label: of the axis.
        unit: behind each figure, e.g. ` %`.
        scale: 100 for shares shown in percent.
        is_synthetic: draw the watermark.
    """
    rows = rows_of(results, measure, "hospital").sort_values("rate")
    figure, axes = canvas(title, subtitle, height=1.6 + 0.42 * max(4, len(rows)), is_synthetic=is_synthetic)
    if rows.empty:
        nothing_to_show(axes)
        return figure
    names = [f"{row.stratum_display} (n = {row.denominator:,.0f})" for row in rows.itertuples()]
    rates = (rows["rate"] * scale).tolist()
    axes.barh(names, rates, color=BLUE, alpha=0.85, height=0.62)
    axes.errorbar(rates, names, xerr=errors_of(rows, scale), fmt="none", ecolor="#222222", capsize=3)
    _mark_all(axes, rows_of(results, measure, "all"), scale, unit)
    axes.set_xlabel(label)
    axes.set_xlim(left=0)
    return figure


def _mark_all(axes: Axes, whole: pd.DataFrame, scale: float, unit: str) -> None:
    if whole.empty:
        return
    rate = float(whole["rate"].iloc[0]) * scale
    axes.axvline(rate, color=GREY, linestyle="--", linewidth=1)
    axes.annotate(
        f"all: {rate:.1f}{unit}", (rate, 1.0), xycoords=("data", "axes fraction"), xytext=(4, -2),
        textcoords="offset points", fontsize=8, color="#555555", va="top",
    )  # fmt: skip
