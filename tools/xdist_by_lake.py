"""A pytest plugin: how many workers there are, which tests one of them takes together, and which come first.

pytest-xdist gives whole files to its workers. With this plugin (`-p tools.xdist_by_lake`) the files whose tests share a
lake go together, so that no costly lake is made twice, and what takes minutes begins before what takes seconds.
"""

import os
from typing import Any

import psutil
import pytest
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

# A unit by the paths in it, the longest first; every other file is a unit of its own.
UNITS = {
    "end to end": ("tests/aws/test_end_to_end.py",),
    "deliveries": ("tests/proofs/incremental/",),
    "truth": ("tests/proofs/truth/",),
    "quarantine": ("tests/pipeline/quarantine/",),
    "stories": ("tests/measures/", "tests/silver/", "tests/reporting/why/", "tests/reporting/explore/"),
    "independent": ("tests/proofs/independent/",),
    "whole run": ("tests/notebooks/",),
    "terraform": ("tests/infra/",),
}


# A worker's JVM takes up to 2 GB, and so does the one of a process that a test starts.
MEMORY_OF_A_WORKER = 4 * 1024**3


def unit_of(nodeid: str) -> str:
    """Return the unit that a test is given out with."""
    file = nodeid.split("::", 1)[0]
    return next((unit for unit, paths in UNITS.items() if file.startswith(paths)), file)


def order(nodeid: str) -> int:
    """Return the place of a test's unit; those without a name come last."""
    return [*UNITS, unit_of(nodeid)].index(unit_of(nodeid))


class ByLake(LoadScopeScheduling):  # type: ignore[misc]
    """Gives whole units out, in the order of the collected tests."""

    def _split_scope(self, nodeid: str) -> str:
        return unit_of(nodeid)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Bring the tests in the order of their units."""
    items.sort(key=lambda item: order(item.nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Return how many workers `-n auto` starts: one per core, as far as the memory goes."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    memory: int = psutil.virtual_memory().total
    return max(1, min(cores, round(memory / MEMORY_OF_A_WORKER)))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByLake:
    """Return the scheduler."""
    config.option.loadscopereorder = False
    return ByLake(config, log)
