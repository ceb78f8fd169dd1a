"""The figures of `make bench` that are compared: times in D, growth, and ratios that have a target.

D is the time that DuckDB takes for the full build of M, in the same run on the same machine.
"""

from collections.abc import Mapping
from typing import NamedTuple

from benchmarks.pipeline.workloads import DUCKDB, METRICCARE, SPARK, UNIT

Medians = Mapping[str, Mapping[str, Mapping[str, float]]]  # by workload, side and figure


class Ratio(NamedTuple):
    """A ratio of two medians; `target` is the most that it may be, or None."""

    value: float
    target: float | None = None


def unit(found: Medians) -> float:
    """Return D in seconds."""
    return found[UNIT.name][DUCKDB]["wall_s"]


def in_units(found: Medians) -> dict[str, dict[str, float]]:
    """Return the wall time of each workload and side, in D."""
    return {
        workload: {side: figures["wall_s"] / unit(found) for side, figures in sides.items()}
        for workload, sides in found.items()
    }


def ratios(found: Medians) -> dict[str, Ratio]:
    """Return the ratios whose workloads were measured."""
    asked = {
        "delivery-S / full-S, work": (_of(found, "delivery-S"), _of(found, "full-S"), "work_s", 0.1),
        "delivery-M / full-M, work": (_of(found, "delivery-M"), _of(found, "full-M"), "work_s", 0.1),
        "delivery-S / full-S, bytes": (_of(found, "delivery-S"), _of(found, "full-S"), "written_mb", 0.05),
        "delivery-M / full-M, bytes": (_of(found, "delivery-M"), _of(found, "full-M"), "written_mb", 0.05),
        "delivery-3M / delivery-M, wall": (
            _of(found, "delivery-3M"),
            _of(found, "delivery-M"),
            "wall_s",
            None,
        ),
        "delivery-3M / delivery-M, work": (
            _of(found, "delivery-3M"),
            _of(found, "delivery-M"),
            "work_s",
            None,
        ),
        "full-S / plain Spark, work": (_of(found, "full-S"), _of(found, "full-S", SPARK), "work_s", 1.3),
        "full-M / plain Spark, work": (_of(found, "full-M"), _of(found, "full-M", SPARK), "work_s", 1.3),
    }
    measured = {
        name: Ratio(one[figure] / other[figure], target)
        for name, (one, other, figure, target) in asked.items()
        if one and other
    }
    nothing = {name: _of(found, name) for name in ("nothing-S", "nothing-M")}
    return measured | {f"{name}, seconds": Ratio(one["wall_s"], 1.0) for name, one in nothing.items() if one}


def _of(found: Medians, workload: str, side: str = METRICCARE) -> Mapping[str, float]:
    return found.get(workload, {}).get(side, {})
