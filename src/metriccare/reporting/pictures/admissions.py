"""Admissions by month, which shows whether a delivery is missing."""

import pandas as pd

from metriccare.reporting.pictures.canvas import (
    BLUE,
    FIRST_MONTH,
    LAST_MONTH,
    Picture,
    canvas,
    nothing_to_show,
)


def admissions_by_month(monthly: pd.DataFrame, *, is_synthetic: bool = False) -> Picture:
    """Return a line of the inpatient stays by month of admission.

    Args:
        monthly: rows of `month` (2025-03) and `count`, in order.
        is_synthetic: draw the watermark.
    """
    drawn = monthly[monthly["month"].between(FIRST_MONTH, LAST_MONTH)]
    left_out = int(monthly["count"].sum() - drawn["count"].sum())
    note = (
        f"; {left_out:,} before {FIRST_MONTH[:4]} or after {LAST_MONTH[:4]} are not drawn" if left_out else ""
    )
    figure, axes = canvas(
        "Inpatient stays by month of admission", f"All hospitals, open stays included{note}", height=3.2,
        is_synthetic=is_synthetic,
    )  # fmt: skip
    if drawn.empty:
        nothing_to_show(axes)
        return figure
    axes.plot(pd.to_datetime(drawn["month"], format="%Y-%m"), drawn["count"], color=BLUE, linewidth=1.8)
    axes.set_ylim(bottom=0)
    axes.set_ylabel("stays")
    return figure
