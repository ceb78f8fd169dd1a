"""Bronze: every piece of input as it came, accepted or kept with the reason why not."""

from metriccare.bronze.growth import growth
from metriccare.bronze.piece import classify
from metriccare.bronze.record import records

__all__ = ["classify", "growth", "records"]
