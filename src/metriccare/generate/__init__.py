"""Synthetic FHIR R4 with a known truth: a stochastic model of hospital courses, and what must be counted.

Shares no code with the layers that are tested against it: nothing here imports bronze, silver or measures.
"""

from metriccare.generate.fhir_validation import Validated
from metriccare.generate.run import generate, is_generated, validate
from metriccare.generate.summary import Summary

__all__ = ["Summary", "Validated", "generate", "is_generated", "validate"]
