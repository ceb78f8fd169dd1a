"""Synthetic FHIR R4 data with known results: a stochastic model of hospital courses and what each stay counts as.

It shares no code with the layers that are tested against it: nothing here imports bronze, silver or measures.
"""

from metriccare.generate.fhir_validation import Validated
from metriccare.generate.generator import generate, is_generated, validate
from metriccare.generate.summary import Summary

__all__ = ["Summary", "Validated", "generate", "is_generated", "validate"]
