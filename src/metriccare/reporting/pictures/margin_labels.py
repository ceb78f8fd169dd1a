"""Labels in the right margin, each with a line to its point, so that they cover neither points nor each other."""

from collections.abc import Sequence
from math import inf
from typing import NamedTuple

from matplotlib.axes import Axes

MOST = 12
GAP = 0.05
NAME_WIDTH = 30
KEPT_END = 11
MARGIN = 1.03


class Label(NamedTuple):
    """The label of a point."""

    x: float
    y: float
    text: str
    colour: str
    weight: str = "normal"


def write_labels(axes: Axes, labels: Sequence[Label]) -> None:
    """Write the first 12 labels next to the axes, and the number of others; the vertical limits must be set."""
    shown = sorted(labels[:MOST], key=lambda label: label.y)
    low, high = axes.get_ylim()
    places = spread([(label.y - low) / (high - low) for label in shown], GAP)
    for label, place in zip(shown, places, strict=True):
        _write(axes, label, place)
    if len(labels) > MOST:
        more = f"and {len(labels) - MOST} more"
        axes.annotate(more, (MARGIN, -0.02), xycoords="axes fraction", fontsize=8, color="#555555", va="top")


def _write(axes: Axes, label: Label, place: float) -> None:
    axes.annotate(
        label.text, (label.x, label.y), xytext=(MARGIN, place), textcoords="axes fraction", fontsize=8,
        color=label.colour, fontweight=label.weight, va="center", annotation_clip=False,
        arrowprops={"arrowstyle": "-", "color": "#bbbbbb", "linewidth": 0.6, "shrinkA": 1, "shrinkB": 4,
                    "relpos": (0, 0.5)},
    )  # fmt: skip


def short_name(name: str) -> str:
    """Return a name that fits the margin: its beginning and its end, which distinguishes sites of one hospital."""
    if len(name) <= NAME_WIDTH:
        return name
    return f"{name[: NAME_WIDTH - KEPT_END - 1].rstrip()}…{name[-KEPT_END:].lstrip()}"


def spread(places: Sequence[float], gap: float) -> list[float]:
    """Move ascending places apart until each is a gap above the one below, within 0 to 1 if there is room."""
    up = _apart_upward(places, gap, -inf)
    down = [-place for place in _apart_upward([-place for place in reversed(places)], gap, -inf)][::-1]
    # the mean of both directions keeps the gaps, and keeps a cluster where it is
    middle = [(above + below) / 2 for above, below in zip(up, down, strict=True)]
    raised = _apart_upward(middle, gap, 0.0)
    return [-place for place in _apart_upward([-place for place in reversed(raised)], gap, -1.0)][::-1]


def _apart_upward(places: Sequence[float], gap: float, floor: float) -> list[float]:
    """Raise each place to the floor and to a gap above the one below."""
    apart: list[float] = []
    for place in places:
        apart.append(max(place, apart[-1] + gap if apart else floor))
    return apart
