"""The status of a lake: runs, freshness, backlog, writers, quarantine. Read without a JVM; counts, no patient data."""

from metriccare.reporting.status.read import read_status
from metriccare.reporting.status.render import show_status, to_json

__all__ = ["read_status", "show_status", "to_json"]
