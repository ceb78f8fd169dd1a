"""The numbers: contributions of stays, summed by stratum, with intervals, and suppressed for publication."""

from metriccare.measures.result.as_of import default_as_of
from metriccare.measures.result.measure_result import measure_results
from metriccare.measures.result.publish import published

__all__ = ["default_as_of", "measure_results", "published"]
