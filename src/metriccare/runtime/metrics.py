"""The metrics that MetricCare publishes to CloudWatch: their names, units and dimensions. Counts and ages only.

Alarms and dashboard (`infra/modules/monitoring`) name them too; tests compare. A metric that is not listed here can't
be published.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

NAMESPACE = "MetricCare"
ENVIRONMENT, STAGE, SOURCE = "Environment", "Stage", "Source"

# By name: the unit in CloudWatch's words, and the dimensions beside the environment with which it is published.
METRICS: dict[str, tuple[str, tuple[str, ...]]] = {
    "JobSeconds": ("Seconds", (STAGE,)),
    "JobsSucceeded": ("Count", (STAGE,)),
    "JobsFailed": ("Count", (STAGE,)),
    "RecordsIn": ("Count", ()),
    "RecordsQuarantined": ("Count", ()),
    "QuarantinedPercent": ("Percent", ()),
    "MeasureResults": ("Count", ()),
    "BacklogAgeSeconds": ("Seconds", ()),
    "StalestSourceSeconds": ("Seconds", ()),
    "FreshnessSeconds": ("Seconds", (SOURCE,)),
}


@dataclass(frozen=True)
class Point:
    """A value of a metric.

    Attributes:
        metric: its name, one of `METRICS`.
        value: in the metric's unit.
        of: the value of its dimension beside the environment: a stage or a source; empty if it has none.
    """

    metric: str
    value: float
    of: str = ""


def as_data(points: Iterable[Point], environment: str, now: datetime) -> list[dict[str, Any]]:
    """Return points as CloudWatch's PutMetricData takes them."""
    return [
        {
            "MetricName": point.metric,
            "Dimensions": [{"Name": k, "Value": v} for k, v in _dimensions(point, environment).items()],
            "Timestamp": now,
            "Value": point.value,
            "Unit": METRICS[point.metric][0],
        }
        for point in points
    ]


def as_log_line(point: Point, environment: str, now: datetime) -> str:
    """Return a point in CloudWatch's embedded format: printed on Lambda, it becomes a metric without a request."""
    unit, dimensions = METRICS[point.metric][0], _dimensions(point, environment)
    about = {
        "Namespace": NAMESPACE,
        "Dimensions": [list(dimensions)],
        "Metrics": [{"Name": point.metric, "Unit": unit}],
    }
    moment = {"Timestamp": int(now.timestamp() * 1000), "CloudWatchMetrics": [about]}
    return json.dumps({"_aws": moment, **dimensions, point.metric: point.value})


def _dimensions(point: Point, environment: str) -> dict[str, str]:
    """Return the dimensions; CloudWatch drops a metric with a value that is not ASCII, which a folder's name may be."""
    value = point.of.encode("ascii", "backslashreplace").decode()
    return {ENVIRONMENT: environment} | dict.fromkeys(METRICS[point.metric][1], value)
