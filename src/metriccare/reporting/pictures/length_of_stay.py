"""Length of stay by hospital."""

import pandas as pd

from metriccare.definitions.measures import LENGTH_BILLING, MEASURES
from metriccare.reporting.pictures.canvas import Picture
from metriccare.reporting.pictures.hospital_bars import hospital_bars


def length_of_stay_by_hospital(results: pd.DataFrame, *, is_synthetic: bool) -> Picture:
    """Return a bar chart of the mean length in billing days, with 95 % intervals."""
    measure = MEASURES[LENGTH_BILLING]
    return hospital_bars(results, measure, title=f"{measure.title}, by hospital", is_synthetic=is_synthetic)
