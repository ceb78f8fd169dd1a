"""A pytest plugin that sets the number of workers, the tests that run on one worker, and their order.

pytest-xdist distributes whole files to its workers. With this plugin (`-p tools.xdist_by_lake`), files whose tests
share a lake run on one worker, so that no costly lake is built twice, and long units start first.
"""

import os
from typing import Any

import psutil
import pytest
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

# The paths of each unit, the longest first, so that the workers end together; every other file is a unit of its own.
UNITS = {
    "end to end": ("tests/aws/test_end_to_end.py",),
    "deliveries": ("tests/proofs/incremental/",),
    "stories": ("tests/measures/", "tests/silver/", "tests/reporting/why/", "tests/reporting/explore/"),
    "notebooks": ("tests/notebooks/",),
    "whole run": ("tests/install/",),
    "truth": ("tests/proofs/truth/",),
    "Glue run": ("tests/runtime/glue_sessions/test_whole_run.py",),
    "input": ("tests/proofs/input/",),
    "accounts": ("tests/infra/test_account.py", "tests/infra/test_destroy.py"),
    "terraform": ("tests/infra/",),
    "tables": ("tests/lake/test_tables.py",),
    "quarantine": ("tests/pipeline/quarantine/",),
    "independent": ("tests/proofs/independent/",),
    "cases": ("tests/proofs/cases/",),
    "recovery": ("tests/proofs/recovery/",),
}


# Tests wait now and then, for Terraform's provider, a lease or a process: with one worker per core a sixth of the time
# is idle. Those of the shard `fast` do not wait.
WORKERS_PER_CORE = 2
# The longest unit does one thing after another, and waits in between: it gets a core whenever it can use one, so that
# it does not end after all others.
LONGEST, NICENESS = next(iter(UNITS)), 5
# A worker's JVM takes up to 2 GB, and so does the one of a process that a test starts.
MEMORY_OF_A_WORKER = 4 * 1024**3


def unit_of(nodeid: str) -> str:
    """Return the unit of a test."""
    file = nodeid.split("::", 1)[0]
    return next((unit for unit, paths in UNITS.items() if file.startswith(paths)), file)


def order(nodeid: str) -> int:
    """Return the position of a test's unit; single files come last."""
    return [*UNITS, unit_of(nodeid)].index(unit_of(nodeid))


class ByLake(LoadScopeScheduling):  # type: ignore[misc]
    """Distributes whole units, in the order of the collected tests."""

    def _split_scope(self, nodeid: str) -> str:
        return unit_of(nodeid)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sort the tests by unit."""
    items.sort(key=lambda item: order(item.nodeid))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> None:
    """Let a worker that runs other tests give way to the one that runs the longest unit."""
    if hasattr(item.config, "workerinput") and unit_of(item.nodeid) != LONGEST and os.nice(0) < NICENESS:
        os.nice(NICENESS - os.nice(0))


@pytest.hookimpl(optionalhook=True, tryfirst=True)  # xdist's own always has an answer
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Return the number of workers for `-n auto`: by the cores, limited by memory."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    memory: int = psutil.virtual_memory().total
    wanted = cores if config.getoption("shard", None) == "fast" else WORKERS_PER_CORE * cores
    return max(1, min(wanted, round(memory / MEMORY_OF_A_WORKER)))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByLake:
    """Return the scheduler."""
    config.option.loadscopereorder = False
    return ByLake(config, log)
