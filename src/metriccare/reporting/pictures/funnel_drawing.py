"""Drawing of a funnel: limits, centre, hospitals by position, names of those outside."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter
from numpy.typing import NDArray

from metriccare.reporting.pictures.canvas import BLUE, GREY, ORANGE
from metriccare.reporting.pictures.counts import Numbers
from metriccare.reporting.pictures.limits import ACTION, WARNING, Limits, is_beyond
from metriccare.reporting.pictures.margin_labels import Label, short_name, write_labels

AMBER = "#b8860b"
WIDE = 30
BEYOND_DATA = 1.06
TOO_FEW_TEXT = "hollow: fewer than 25 stays"


@dataclass(frozen=True)
class Funnel:
    """Hospitals and the limits they are compared with; `y`, `centre` and the limits share one unit."""

    names: list[str]
    notes: list[str]
    x: Numbers
    y: Numbers
    is_too_few: NDArray[np.bool_]
    centre: float
    centre_text: str
    limits: Callable[[Numbers, float], Limits]
    is_whole: bool

    @property
    def is_wide(self) -> bool:
        """Whether the hospitals' sizes differ so much that a linear axis would crowd the small ones."""
        return bool(self.x.max() > WIDE * self.x.min())

    @property
    def grid(self) -> Numbers:
        """Where the limits are drawn: dense at the left, where they bend; integers if only those are possible."""
        end = self.x.max() * BEYOND_DATA
        start = self.x.min() / 2 if self.is_wide else end / 300
        places = np.union1d(np.geomspace(start, end, 150), np.linspace(start, end, 150))
        return np.unique(places.round().clip(1)) if self.is_whole else places

    @property
    def is_outside_action(self) -> NDArray[np.bool_]:
        """Whether each hospital lies outside the 99.8 % limits."""
        return is_beyond(self.y, self.limits(self.x, ACTION))

    @property
    def is_outside_warning(self) -> NDArray[np.bool_]:
        """Whether each hospital lies outside the 95 % limits and inside the 99.8 % limits."""
        return is_beyond(self.y, self.limits(self.x, WARNING)) & ~self.is_outside_action


def draw_funnel(axes: Axes, funnel: Funnel) -> None:
    """Draw the limits, the hospitals and the names of those outside, with a legend below."""
    _limits(axes, funnel)
    outside, warned = funnel.is_outside_action, funnel.is_outside_warning
    _hospitals(axes, funnel, ~(outside | warned), colour=BLUE, marker="o", label="inside the 95 % limits")
    _hospitals(axes, funnel, warned, colour=AMBER, marker="s", label="between 95 % and 99.8 %")
    _hospitals(axes, funnel, outside, colour=ORANGE, marker="D", label="outside the 99.8 % limits")
    if funnel.is_too_few.any():
        axes.scatter([], [], facecolors="white", edgecolors=GREY, label=TOO_FEW_TEXT)
    _scales(axes, funnel)
    write_labels(axes, _labels(funnel, outside, weight="bold", colour=ORANGE) + _labels(funnel, warned))
    axes.figure.legend(loc="outside lower center", ncols=3, frameon=False, fontsize=8)


def _scales(axes: Axes, funnel: Funnel) -> None:
    if funnel.is_wide:
        axes.set_xscale("log")
        axes.xaxis.set_major_formatter(FuncFormatter(lambda count, _: f"{count:,g}"))
    axes.set_xlim(funnel.grid[0] if funnel.is_wide else 0, max(funnel.grid[-1], funnel.x.max() * BEYOND_DATA))
    axes.set_ylim(0, _top(funnel))


def _limits(axes: Axes, funnel: Funnel) -> None:
    for coverage, style in ((ACTION, "-"), (WARNING, "--")):
        lower, upper = funnel.limits(funnel.grid, coverage)
        axes.plot(
            funnel.grid, upper, GREY, linestyle=style, linewidth=1, label=f"{coverage * 100:g} % limits"
        )
        axes.plot(funnel.grid, lower, GREY, linestyle=style, linewidth=1)
    axes.axhline(funnel.centre, color="#444444", linewidth=1, label=funnel.centre_text)


def _hospitals(
    axes: Axes, funnel: Funnel, chosen: NDArray[np.bool_], *, colour: str, marker: str, label: str
) -> None:
    faces = ["white" if few else colour for few in funnel.is_too_few[chosen]]
    axes.scatter(
        funnel.x[chosen], funnel.y[chosen], s=34, facecolors=faces, edgecolors=colour, marker=marker, zorder=3
    )
    axes.scatter([], [], color=colour, marker=marker, label=f"{label} ({chosen.sum()})")


def _top(funnel: Funnel) -> float:
    """Return a limit that shows every hospital, and the funnel where most hospitals are, but not its mouth."""
    _, upper = funnel.limits(np.array([np.median(funnel.x).round().clip(1)]), ACTION)
    return float(1.12 * max(funnel.y.max(), upper.max(), funnel.centre, 0.01))


def _labels(
    funnel: Funnel, chosen: NDArray[np.bool_], *, weight: str = "normal", colour: str = "#444444"
) -> list[Label]:
    """Return labels for the chosen hospitals, the furthest from the centre first."""
    places = np.flatnonzero(chosen)
    furthest = places[np.argsort(-np.abs(funnel.y[places] - funnel.centre), kind="stable")]
    return [
        Label(
            funnel.x[at], funnel.y[at], f"{funnel.notes[at]}  {short_name(funnel.names[at])}", colour, weight
        )
        for at in furthest
    ]
