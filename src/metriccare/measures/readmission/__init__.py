"""Readmission within 30 days of discharge, hospital-wide (MEASURES 1)."""

from metriccare.measures.readmission.measure import (
    readmission_30_day,
    readmission_30_day_unplanned,
    readmission_planned_status_unknown,
)

__all__ = ["readmission_30_day", "readmission_30_day_unplanned", "readmission_planned_status_unknown"]
