"""The numbers: shares of stays, summed by cell, then by stratum, with intervals, and suppressed for publication."""

from metriccare.measures.result.as_of import NEWEST_DISCHARGE, default_as_of
from metriccare.measures.result.cell_changes import CHANGED_CELLS
from metriccare.measures.result.cells import CELLS
from metriccare.measures.result.measure_result import measure_results
from metriccare.measures.result.names import NAMES
from metriccare.measures.result.publish import published
from metriccare.measures.result.rates import RESULTS

__all__ = [
    "CELLS",
    "CHANGED_CELLS",
    "NAMES",
    "NEWEST_DISCHARGE",
    "RESULTS",
    "default_as_of",
    "measure_results",
    "published",
]
