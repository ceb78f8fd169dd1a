"""Quality: what became of every piece of input, proof that the parts add up, and what the data can't support."""

from metriccare.quality.flags import flag_counts, utc_share
from metriccare.quality.reconciliation import Reconciliation, is_synthetic, reconcile

__all__ = ["Reconciliation", "flag_counts", "is_synthetic", "reconcile", "utc_share"]
