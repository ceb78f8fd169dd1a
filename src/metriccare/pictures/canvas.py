"""What all pictures share: size, colours, the honest subtitle, and the watermark of synthetic data."""

import io

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

BLUE, GREY, ORANGE = "#2166ac", "#8c8c8c", "#d6604d"
UNADJUSTED = "observed, unadjusted"


class Picture(Figure):
    """A figure that shows itself in a notebook, whatever plotting backend the kernel has."""

    def _repr_png_(self) -> bytes:
        png = io.BytesIO()
        self.savefig(png, format="png", metadata={"Software": None})
        return png.getvalue()


def canvas(title: str, subtitle: str, *, height: float = 4.2, is_synthetic: bool) -> tuple[Picture, Axes]:
    """Return a figure with one axes; the subtitle says what is counted, and that it is unadjusted."""
    figure = Picture(figsize=(8.4, height), dpi=110, layout="constrained")
    axes = figure.add_subplot()
    figure.suptitle(title, x=0.01, ha="left", fontsize=13, fontweight="bold")
    axes.set_title(subtitle, loc="left", fontsize=9, color="#555555", pad=10)
    axes.spines[["top", "right"]].set_visible(False)
    if is_synthetic:
        _watermark(figure)
    return figure, axes


def _watermark(figure: Figure) -> None:
    figure.text(
        0.5, 0.45, "synthetic data", fontsize=34, color="#000000", alpha=0.07, rotation=18,
        ha="center", va="center", zorder=10,
    )  # fmt: skip


def rows_of(results: pd.DataFrame, measure: str, stratum: str) -> pd.DataFrame:
    """Return the rows of one measure and stratum that have a rate; a suppressed cell has none."""
    chosen = results[(results["measure"] == measure) & (results["stratum"] == stratum)]
    return chosen[chosen["rate"].notna()].copy()


def nothing_to_show(axes: Axes) -> None:
    """Say in the picture that there is no result to draw."""
    axes.set_axis_off()
    axes.text(0.5, 0.5, "No result to show: no cases, or too few to publish.", ha="center", va="center")


def errors_of(rows: pd.DataFrame, scale: float = 1.0) -> list[pd.Series]:
    """Return the lengths of the interval below and above each rate, as Matplotlib wants them."""
    return [
        ((rows["rate"] - rows["ci_low"]) * scale).fillna(0).clip(lower=0),
        ((rows["ci_high"] - rows["rate"]) * scale).fillna(0).clip(lower=0),
    ]
