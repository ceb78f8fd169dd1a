"""Readmission by hospital."""

import pandas as pd

from metriccare.definitions.measures import MEASURES, READMISSION
from metriccare.reporting.pictures.canvas import Picture
from metriccare.reporting.pictures.hospital_bars import hospital_bars


def readmission_by_hospital(results: pd.DataFrame, *, is_synthetic: bool) -> Picture:
    """Return a bar chart with 95 % intervals; a hospital's rate refers to the stays it discharged."""
    measure = MEASURES[READMISSION]
    title = f"{measure.title}, by hospital of the index admission"
    return hospital_bars(results, measure, title=title, is_synthetic=is_synthetic)
