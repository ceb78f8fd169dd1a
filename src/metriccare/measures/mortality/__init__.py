"""Mortality: in hospital, and within 30 days of admission (MEASURES 2)."""

from metriccare.measures.mortality.death import with_death
from metriccare.measures.mortality.in_hospital import mortality_in_hospital
from metriccare.measures.mortality.thirty_day import mortality_30_day

__all__ = ["mortality_30_day", "mortality_in_hospital", "with_death"]
