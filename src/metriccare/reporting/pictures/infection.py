"""Hospital-onset infections by SNOMED CT code."""

from textwrap import fill

import pandas as pd
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba

from metriccare.definitions.measures import INFECTION, INFECTION_DISCHARGES, title_of
from metriccare.definitions.strata import ALL, CODE
from metriccare.reporting.pictures.canvas import GREY, UNADJUSTED, Picture, canvas, nothing_to_show, rows_of

MOST = 9
LABEL_WIDTH = 48
TAB10_WITHOUT_GREY = (0, 1, 2, 3, 4, 5, 6, 8, 9, 7)
OTHER = "other codes"


def infection_by_code(results: pd.DataFrame, *, is_synthetic: bool) -> Picture:
    """Return a donut chart of the infections by code, the most frequent first, the rest as one slice."""
    rows = rows_of(results, INFECTION_DISCHARGES, CODE)
    rows = rows[rows["numerator"] > 0].sort_values(["numerator", "stratum_value"], ascending=[False, True])
    figure, axes = canvas(
        f"{title_of(INFECTION)}, by SNOMED CT code",
        f"Diagnoses on hospital day 3 or later, of discharged stays; {UNADJUSTED}; not NHSN surveillance",
        is_synthetic=is_synthetic,
    )
    if rows.empty:
        nothing_to_show(axes)
        return figure
    _donut(axes, _slices(rows), _rate(results))
    return figure


def _slices(rows: pd.DataFrame) -> list[tuple[str, float]]:
    slices = [
        (_label(str(name), str(code), float(events)), float(events))
        for name, code, events in rows[["stratum_display", "stratum_value", "numerator"]].head(MOST).values
    ]
    rest = float(rows["numerator"].iloc[MOST:].sum())
    return [*slices, (f"{OTHER}: {rest:,.0f}", rest)] if rest else slices


def _label(name: str, code: str, events: float) -> str:
    return f"{name.removesuffix(' (disorder)')} [{code}]: {events:,.0f}"


def _rate(results: pd.DataFrame) -> str:
    whole = rows_of(results, INFECTION_DISCHARGES, ALL)
    return f"{float(whole['rate'].iloc[0]):.2f}\nper 100\ndischarges" if len(whole) else ""


def _donut(axes: Axes, slices: list[tuple[str, float]], centre: str) -> None:
    colours = [colormaps["tab10"](place) for place in TAB10_WITHOUT_GREY[: len(slices)]]
    if slices[-1][0].startswith(OTHER):
        colours[-1] = to_rgba(GREY)
    wedges = axes.pie(
        [size for _, size in slices],
        colors=colours,
        startangle=90,
        counterclock=False,
        wedgeprops={"width": 0.38, "edgecolor": "white"},
    )[0]
    axes.text(0, 0, centre, ha="center", va="center", fontsize=11)
    labels = [fill(label, LABEL_WIDTH) for label, _ in slices]
    axes.figure.legend(wedges, labels, loc="outside right center", frameon=False, fontsize=9)
