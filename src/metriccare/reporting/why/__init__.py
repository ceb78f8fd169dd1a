"""Why a stay counts or does not: the decision on it for every measure, with the evidence and its files."""

from metriccare.reporting.why.explain import explain
from metriccare.reporting.why.render import to_json, to_text

__all__ = ["explain", "to_json", "to_text"]
