"""Admissions by month: is a delivery missing?"""

import pandas as pd

from metriccare.pictures.canvas import BLUE, Picture, canvas, nothing_to_show


def admissions_by_month(monthly: pd.DataFrame, *, is_synthetic: bool = False) -> Picture:
    """Return a line of the inpatient stays by month of admission.

    Args:
        monthly: rows of `month` (2025-03) and `count`, in order.
        is_synthetic: draw the watermark.
    """
    figure, axes = canvas(
        "Inpatient stays by month of admission", "All hospitals, open stays included", height=3.2,
        is_synthetic=is_synthetic,
    )  # fmt: skip
    if monthly.empty:
        nothing_to_show(axes)
        return figure
    axes.plot(pd.to_datetime(monthly["month"]), monthly["count"], color=BLUE, linewidth=1.8)
    axes.set_ylim(bottom=0)
    axes.set_ylabel("stays")
    return figure
