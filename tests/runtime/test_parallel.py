"""Independent tasks run at the same time, and a failure does not hide the others."""

from collections.abc import Callable
from threading import Barrier, Event

import pytest

from metriccare.runtime.parallel import run_parallel

TIMEOUT = 10.0  # seconds; a test that would hang fails instead


def test_tasks_run_at_the_same_time_and_results_keep_the_order_of_the_tasks() -> None:
    met = Barrier(3, timeout=TIMEOUT)

    def task(name: str) -> Callable[[], str]:
        return lambda: f"{name} met {met.parties} times" if met.wait() >= 0 else ""

    assert run_parallel(map(task, "abc")) == [f"{name} met 3 times" for name in "abc"]


def test_a_failure_is_raised_after_the_other_tasks_have_finished() -> None:
    failed, finished = Event(), []

    def fail() -> None:
        failed.set()
        raise ValueError("the first")

    def finish() -> None:
        assert failed.wait(TIMEOUT)
        finished.append(True)

    with pytest.raises(ValueError, match="the first"):
        run_parallel((fail, finish))
    assert finished == [True]


def test_no_tasks_give_no_results() -> None:
    assert run_parallel(()) == []
