"""Readmission within 30 days of discharge, hospital-wide (MEASURES 1)."""

from metriccare.measures.readmission.measure import (
    READMISSION_30_DAY,
    READMISSION_30_DAY_UNPLANNED,
    READMISSION_PLANNED_STATUS_UNKNOWN,
)

__all__ = ["READMISSION_30_DAY", "READMISSION_30_DAY_UNPLANNED", "READMISSION_PLANNED_STATUS_UNKNOWN"]
