"""Bronze: every input record unchanged, accepted or quarantined with a reason."""

from metriccare.bronze.classify import classify
from metriccare.bronze.reclassify import reclassify

__all__ = ["classify", "reclassify"]
