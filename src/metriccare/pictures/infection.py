"""Hospital-onset infection diagnoses by SNOMED CT code."""

import pandas as pd
from matplotlib import colormaps
from matplotlib.axes import Axes

from metriccare.pictures.canvas import UNADJUSTED, Picture, canvas, nothing_to_show, rows_of

MOST = 8


def infection_by_code(results: pd.DataFrame, *, is_synthetic: bool) -> Picture:
    """Return a donut of the events by code, the most frequent first, the rest as one piece."""
    rows = rows_of(results, "infection_per_100_discharges", "code")
    rows = rows[rows["numerator"] > 0].sort_values(["numerator", "stratum_value"], ascending=[False, True])
    figure, axes = canvas(
        "Hospital-onset infection diagnoses (proxy), by SNOMED CT code",
        f"Events on hospital day 3 or later, of discharged stays; {UNADJUSTED}; not NHSN surveillance",
        is_synthetic=is_synthetic,
    )
    if rows.empty:
        nothing_to_show(axes)
        return figure
    _donut(axes, _pieces(rows), _rate(results))
    return figure


def _pieces(rows: pd.DataFrame) -> list[tuple[str, float]]:
    pieces = [(_label(row), row.numerator) for row in rows.head(MOST).itertuples()]
    rest = rows["numerator"].iloc[MOST:].sum()
    return [*pieces, (f"other codes: {rest:,.0f}", rest)] if rest else pieces


def _label(row: "pd.Series[str]") -> str:
    name = str(row.stratum_display).removesuffix(" (disorder)")
    return f"{name} [{row.stratum_value}]: {row.numerator:,.0f}"


def _rate(results: pd.DataFrame) -> str:
    whole = rows_of(results, "infection_per_100_discharges", "all")
    return f"{float(whole['rate'].iloc[0]):.2f}\nper 100\ndischarges" if len(whole) else ""


def _donut(axes: Axes, pieces: list[tuple[str, float]], centre: str) -> None:
    colours = [colormaps["tab10"](place % 10) for place in range(len(pieces))]
    wedges = axes.pie(
        [size for _, size in pieces],
        colors=colours,
        startangle=90,
        counterclock=False,
        wedgeprops={"width": 0.38, "edgecolor": "white"},
    )[0]
    axes.text(0, 0, centre, ha="center", va="center", fontsize=11)
    axes.legend(
        wedges, [label for label, _ in pieces], loc="center left", bbox_to_anchor=(1.02, 0.5), frameon=False,
        fontsize=8.5,
    )  # fmt: skip
