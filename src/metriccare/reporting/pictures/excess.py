"""Excess events by group of stays: what drives a hospital's rate."""

import pandas as pd
from matplotlib.axes import Axes

from metriccare.reporting.pictures.canvas import BLUE, ORANGE, UNADJUSTED, Picture, canvas, nothing_to_show
from metriccare.reporting.pictures.wording import PROPORTIONS, measure_among

MOST_LETTERS = 42


def excess_by_group(
    rows: pd.DataFrame,
    measure: str,
    *,
    hospital: str,
    profile: str,
    hidden: int = 0,
    most: int = 12,
    is_synthetic: bool,
) -> Picture:
    """Return bars of the groups with the greatest difference from the other hospitals, the greatest excess on top.

    Args:
        rows: of `explore.drivers`: `factor`, `group`, `stays`, `events`, `rate`, `rate_elsewhere`, and `excess`
            (events; null is not drawn).
        measure: a proportion.
        hospital: its name.
        profile: the set of rules.
        hidden: the number of suppressed groups, which the subtitle mentions.
        most: maximum number of bars.
        is_synthetic: draw the watermark.

    Raises:
        ParameterError: the measure is not a proportion.
    """
    chosen = measure_among(measure, PROPORTIONS)
    known = rows[rows["excess"].notna() & (rows["stays"] > 0)]
    shown = known.loc[known["excess"].astype(float).abs().nlargest(most).index].sort_values("excess")
    figure, axes = canvas(
        f"{chosen.title}, {hospital}" if hospital else chosen.title,
        _subtitle(profile, hidden),
        height=1.2 + 0.34 * max(4, len(shown)),
        is_synthetic=is_synthetic,
    )
    if shown.empty:
        nothing_to_show(axes)
        return figure
    _draw(axes, shown)
    return figure


def _subtitle(profile: str, hidden: int) -> str:
    suppressed = f"; {hidden} groups suppressed" if hidden else ""
    return (
        "Events above (or below) the number that the hospital's stays in each group would have at the other hospitals' "
        "rate; in brackets: events of stays; next to the bars: the rate here and elsewhere. "
        "Groups of different factors contain the same stays: don't add them; "
        f"{UNADJUSTED}; profile {profile}{suppressed}."
    )


def _draw(axes: Axes, shown: pd.DataFrame) -> None:
    places = range(len(shown))
    excess = shown["excess"].astype(float).tolist()
    colours = [ORANGE if value > 0 else BLUE for value in excess]
    bars = axes.barh(places, excess, color=colours, alpha=0.85, height=0.62)
    rates = [f"{row['rate']:.0%}, {row['rate_elsewhere']:.0%}" for _, row in shown.iterrows()]
    axes.bar_label(bars, rates, padding=4, fontsize=8, color="#555555")
    axes.margins(x=0.2)
    axes.set_yticks(list(places), [_label(row) for _, row in shown.iterrows()])
    axes.axvline(0, color="#222222", linewidth=0.8)
    axes.set_xlabel("events more than expected")


def _label(row: pd.Series) -> str:
    name = f"{str(row['factor']).replace('_', ' ')}: {row['group']}"
    short = name if len(name) <= MOST_LETTERS else f"{name[: MOST_LETTERS - 1]}…"
    return f"{short} ({row['events']:,.0f} of {row['stays']:,.0f})"
