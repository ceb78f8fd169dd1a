"""Why a stay counts or does not: what was decided on it for every measure, and where the evidence came from."""

from metriccare.reporting.why.explain import explain
from metriccare.reporting.why.render import to_json, to_text

__all__ = ["explain", "to_json", "to_text"]
