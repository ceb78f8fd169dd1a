"""Mortality: in hospital, and within 30 days of admission (MEASURES 2)."""

from metriccare.measures.mortality.in_hospital import MORTALITY_IN_HOSPITAL
from metriccare.measures.mortality.thirty_day import MORTALITY_30_DAY

__all__ = ["MORTALITY_30_DAY", "MORTALITY_IN_HOSPITAL"]
