"""What all charts share: size, colours, the subtitle that says what is counted, the watermark of synthetic data."""

import io
from textwrap import fill
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

FIRST_MONTH, LAST_MONTH = "1900-01", "2261-12"  # the range of a time axis (nanoseconds)
BLUE, GREY, ORANGE = "#2166ac", "#8c8c8c", "#d6604d"
UNADJUSTED = "observed, unadjusted"
WIDTH_IN_LETTERS = 124
TITLE_WIDTH_IN_LETTERS = 76


class Picture(Figure):
    """A figure that displays in a notebook with any plotting backend of the kernel."""

    def _repr_png_(self) -> bytes:
        png = io.BytesIO()
        self.savefig(png, format="png", metadata={"Software": None})
        return png.getvalue()

    def gcf(self) -> "Picture":
        """Return itself: Glue's `%matplot NAME` calls this to get the current figure of a plotting module."""
        return self


def canvas(title: str, subtitle: str, *, height: float = 4.2, is_synthetic: bool) -> tuple[Picture, Axes]:
    """Return a figure (height in inches) with a title, a subtitle and one axes below them."""
    heading, explained = fill(title, TITLE_WIDTH_IN_LETTERS), fill(subtitle, WIDTH_IN_LETTERS)
    below_title = 0.36 + 0.22 * heading.count("\n")
    head = below_title + 0.06 + 0.17 * (1 + explained.count("\n"))
    figure = Picture(figsize=(8.4, height + head), dpi=110)
    figure.set_layout_engine("constrained", rect=(0, 0, 1, height / (height + head)))
    _write(figure, heading, below_top=0.08, fontsize=13, fontweight="bold")
    _write(figure, explained, below_top=below_title, fontsize=9, color="#555555")
    axes = figure.add_subplot()
    axes.spines[["top", "right"]].set_visible(False)
    if is_synthetic:
        _watermark(figure)
    return figure, axes


def _write(figure: Picture, text: str, *, below_top: float, **style: Any) -> None:
    """Write at the left edge, `below_top` inches below the upper edge."""
    figure.text(0.01, 1 - below_top / figure.get_figheight(), text, ha="left", va="top", **style)


def _watermark(figure: Figure) -> None:
    figure.text(
        0.55, 0.42, "synthetic data", fontsize=34, color="#000000", alpha=0.07, rotation=18,
        ha="center", va="center", zorder=10,
    )  # fmt: skip


def rows_of(results: pd.DataFrame, measure: str, stratum: str) -> pd.DataFrame:
    """Return the rows of one measure and stratum that have a rate; a suppressed cell has none."""
    chosen = results[(results["measure"] == measure) & (results["stratum"] == stratum)]
    return chosen[chosen["rate"].notna()].copy()


def nothing_to_show(axes: Axes) -> None:
    """Write into the chart that there is no result to show."""
    axes.set_axis_off()
    axes.text(0.5, 0.5, "No result to show: no cases, or too few to publish.", ha="center", va="center")


def errors_of(rows: pd.DataFrame, scale: float = 1.0) -> list[list[float]]:
    """Return the lengths of the interval below and above each rate, as Matplotlib expects them."""
    return [
        ((rows["rate"] - rows["ci_low"]) * scale).fillna(0).clip(lower=0).tolist(),
        ((rows["ci_high"] - rows["rate"]) * scale).fillna(0).clip(lower=0).tolist(),
    ]
