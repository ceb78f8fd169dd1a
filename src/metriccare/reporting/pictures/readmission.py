"""Readmission by hospital."""

import pandas as pd

from metriccare.reporting.pictures.canvas import UNADJUSTED, Picture
from metriccare.reporting.pictures.hospital_bars import hospital_bars


def readmission_by_hospital(results: pd.DataFrame, *, is_synthetic: bool) -> Picture:
    """Return bars with 95 % intervals; a hospital's rate belongs to the stays it discharged."""
    return hospital_bars(
        results,
        "readmission_30_day",
        title="Readmission within 30 days, by hospital of the index admission",
        subtitle=f"Share of index admissions with another acute admission within 30 days, all causes; {UNADJUSTED}; "
        "lines: 95 % intervals",
        label="readmitted, % of index admissions",
        unit=" %",
        scale=100,
        is_synthetic=is_synthetic,
    )
