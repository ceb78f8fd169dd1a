"""Statistical process control charts: which months differ by more than chance, given their number of cases.

Source: Provost and Murray, The Health Care Data Guide (p- and u-chart; a point beyond 3 sigma; a run of 8).
"""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from numpy.typing import NDArray

from metriccare.definitions.measures import Measure
from metriccare.reporting.pictures.canvas import (
    BLUE,
    FIRST_MONTH,
    GREY,
    LAST_MONTH,
    ORANGE,
    Picture,
    canvas,
    nothing_to_show,
)
from metriccare.reporting.pictures.monthly import Process, number_undrawn, process_of
from metriccare.reporting.pictures.run_rule import LONG_RUN
from metriccare.reporting.pictures.wording import (
    PROPORTIONS,
    RATES,
    check_one_view,
    measure_among,
    number_hidden,
    observed,
)

PURPLE = "#7b3294"
ENOUGH_MONTHS = 12
HALF_MONTH = np.timedelta64(365, "h")
MOST_NAMED = 4


def control_chart(results: pd.DataFrame, measure: str, *, is_synthetic: bool) -> Picture:
    """Return a chart of the measure by month with centre line, 3-sigma limits and the months that stand out.

    A p-chart for proportions, a u-chart for infections. The limits vary with the month's denominator.

    Args:
        results: rows of gold.measure_published with one profile and one as_of.
        measure: a proportion (readmission, mortality) or an infection rate.
        is_synthetic: draw the watermark.

    Raises:
        ParameterError: there is no such chart for the measure, or the rows have several profiles or as_of dates.
    """
    chosen = measure_among(measure, (*PROPORTIONS, *RATES))
    check_one_view(results)
    process = process_of(results, measure, is_proportion=measure in PROPORTIONS)
    kind = "p-chart" if measure in PROPORTIONS else "u-chart"
    figure, axes = canvas(
        f"{chosen.title}: control chart by month ({kind})",
        f"{observed(chosen, results)} "
        f"{_explained(process, number_hidden(results, measure, 'month'), number_undrawn(results, measure))}",
        height=4.4,
        is_synthetic=is_synthetic,
    )
    if process.months.empty:
        nothing_to_show(axes)
        return figure
    _draw(axes, process, chosen)
    return figure


def _explained(process: Process, hidden: int, undrawn: int) -> str:
    """Return a text that explains the lines, how to read them, and what is missing."""
    count = len(process.assessed)
    if process.centre is None:
        said = ["No month has complete follow-up yet, so there is no centre line and no month is assessed."]
    else:
        said = [
            f"Centre: all events divided by all cases of the {count} complete months. Limits: 3 sigma, wider "
            "for months with fewer cases. Months inside the limits and without a run differ by no more than "
            "chance explains."
        ]
    if process.centre is not None and count < ENOUGH_MONTHS:
        said.append(f"Fewer than {ENOUGH_MONTHS} complete months: limits are provisional.")
    if undrawn:
        said.append(f"Months before {FIRST_MONTH[:4]} or after {LAST_MONTH[:4]} are left out ({undrawn}).")
    if hidden:
        months = "1 month is" if hidden == 1 else f"{hidden} months are"
        said.append(
            f"{months} hidden because of small numbers, and not part of the centre, which may shift it."
        )
    return " ".join(said)


def _draw(axes: Axes, process: Process, measure: Measure) -> None:
    months = process.months
    joined = months["rate"].where(~months["is_immature"]) * measure.scale
    axes.plot(_dates(months), joined, color=BLUE, linewidth=1.2, alpha=0.7)
    if process.centre is not None:
        _limits(axes, process, measure)
    _points(axes, process, measure)
    axes.xaxis.set_major_locator(locator := AutoDateLocator(minticks=4, maxticks=10))  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))  # type: ignore[no-untyped-call]
    axes.set_ylim(bottom=0)
    axes.set_ylabel(measure.axis)
    axes.figure.legend(loc="outside lower center", ncols=2, frameon=False, fontsize=8)


def _limits(axes: Axes, process: Process, measure: Measure) -> None:
    """Draw the centre line, and the limits as steps, one per month, even for a month between two gaps."""
    centre = (process.centre or 0.0) * measure.scale
    axes.axhline(
        centre, color="#444444", linewidth=1, label=f"centre line: {centre:.{measure.digits}f}{measure.unit}"
    )
    at = _dates(process.months)
    edges = np.column_stack([at - HALF_MONTH, at + HALF_MONTH]).ravel()
    for name, label in (("upper", "3-sigma limits"), ("lower", None)):
        heights = np.repeat(process.months[name].to_numpy() * measure.scale, 2)
        axes.plot(edges, heights, color=GREY, linestyle="--", linewidth=1, label=label)


def _points(axes: Axes, process: Process, measure: Measure) -> None:
    """Draw each month once, by its strongest signal."""
    months = process.months[process.months["rate"].notna()]
    outside, run, immature = months["is_outside"], months["is_in_run"], months["is_immature"]
    groups = (
        (~(outside | run | immature), BLUE, "o", BLUE, "within what chance explains"),
        (outside, ORANGE, "D", ORANGE, f"outside the limits: {_named(months[outside])}"),
        (run & ~outside, PURPLE, "s", PURPLE, f"{LONG_RUN} or more in a row on one side: {_spans(process)}"),
        (immature, BLUE, "o", "white", "hollow: 30-day follow-up not complete, not assessed"),
    )
    for chosen, edge, marker, face, label in groups:
        some = months[chosen]
        if len(some):
            axes.scatter(
                _dates(some), some["rate"] * measure.scale, s=30, marker=marker, facecolors=face,
                edgecolors=edge, zorder=3, label=label, clip_on=False,
            )  # fmt: skip


def _dates(months: pd.DataFrame) -> NDArray[np.datetime64]:
    """Return the first day of each month, at which it is drawn."""
    return pd.PeriodIndex(months.index).to_timestamp().to_numpy()


def _named(months: pd.DataFrame) -> str:
    """Return the names of the months, at most the first few."""
    names = [month.strftime("%b %Y") for month in months.index]
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more


def _spans(process: Process) -> str:
    """Return the long runs by their first and last month."""
    return ", ".join(f"{first.strftime('%b %Y')} to {last.strftime('%b %Y')}" for first, last in process.runs)
