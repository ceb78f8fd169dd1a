"""Quality: coverage of the data, reconciliation of all records, comparison of tables."""

from metriccare.quality.reconciliation import Reconciliation, reconcile
from metriccare.quality.record_counts import RECORD_COUNTS
from metriccare.quality.replayed import replaced, replayed
from metriccare.quality.silver_counts import SILVER_COUNTS, UNMAPPED_CODES
from metriccare.quality.totals import totals

__all__ = [
    "RECORD_COUNTS",
    "SILVER_COUNTS",
    "UNMAPPED_CODES",
    "Reconciliation",
    "reconcile",
    "replaced",
    "replayed",
    "totals",
]
