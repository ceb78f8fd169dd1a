"""Length of stay by hospital."""

import pandas as pd

from metriccare.reporting.pictures.canvas import UNADJUSTED, Picture
from metriccare.reporting.pictures.hospital_bars import hospital_bars


def length_of_stay_by_hospital(results: pd.DataFrame, *, is_synthetic: bool) -> Picture:
    """Return bars of the mean in billing days, with 95 % intervals."""
    return hospital_bars(
        results,
        "length_of_stay_billing",
        title="Average length of stay, by hospital",
        subtitle=f"Billing days (a same-day stay counts 1) per discharge, deaths included; {UNADJUSTED}; "
        "lines: 95 % intervals",
        label="days per discharge",
        unit=" days",
        is_synthetic=is_synthetic,
    )
