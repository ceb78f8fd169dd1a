"""Quality: coverage of the data, reconciliation of all records, comparison of tables."""

from metriccare.quality.coverage import coverage
from metriccare.quality.reconciliation import Reconciliation, is_synthetic, reconcile
from metriccare.quality.replayed import replayed
from metriccare.quality.unmapped import unmapped_codes

__all__ = [
    "Reconciliation",
    "coverage",
    "is_synthetic",
    "reconcile",
    "replayed",
    "unmapped_codes",
]
