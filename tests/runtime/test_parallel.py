"""Works that do not need each other run at the same time, and a failure hides none of them."""

from collections.abc import Callable
from threading import Barrier, Event

import pytest

from metriccare.runtime.parallel import at_once

PATIENCE = 10.0  # seconds, after which a test fails that would wait for ever


def test_works_run_at_the_same_time_and_give_what_they_give_in_their_order() -> None:
    met = Barrier(3, timeout=PATIENCE)

    def work(name: str) -> Callable[[], str]:
        return lambda: f"{name} met {met.parties} times" if met.wait() >= 0 else ""

    assert at_once(map(work, "abc")) == [f"{name} met 3 times" for name in "abc"]


def test_a_failure_is_raised_when_the_others_have_come_to_their_end() -> None:
    failed, ended = Event(), []

    def fail() -> None:
        failed.set()
        raise ValueError("the first")

    def go_on() -> None:
        assert failed.wait(PATIENCE)
        ended.append(True)

    with pytest.raises(ValueError, match="the first"):
        at_once((fail, go_on))
    assert ended == [True]


def test_nothing_to_do_gives_nothing() -> None:
    assert at_once(()) == []
