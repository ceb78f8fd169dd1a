"""Bronze: every piece of input as it came, accepted or kept with the reason why not."""

from metriccare.bronze.classify import classify
from metriccare.bronze.growth import growth
from metriccare.bronze.record import records
from metriccare.bronze.reread import reread

__all__ = ["classify", "growth", "records", "reread"]
