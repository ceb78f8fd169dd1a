"""Who is alive."""

import subprocess
from collections.abc import Callable
from dataclasses import replace

import pytest

from metriccare.lake.ledger import Owner, is_alive, process, this_process


def test_this_process_is_alive() -> None:
    assert is_alive(this_process("run"))


def test_a_killed_process_is_dead_before_anybody_has_waited_for_it() -> None:
    child = subprocess.Popen(["sleep", "60"])
    owner = process.process(child.pid, "run")
    assert is_alive(owner)
    child.kill()
    while is_alive(owner):  # a zombie now, or in a moment
        pass
    child.wait()
    assert not is_alive(owner)


def test_another_process_with_the_same_id_is_not_the_owner(living: Callable[[str], Owner]) -> None:
    assert not is_alive(replace(living("run"), started="1"))


def test_a_process_of_another_machine_counts_as_alive(living: Callable[[str], Owner]) -> None:
    assert is_alive(replace(living("run"), host="another-machine", started="1"))


def test_ps_tells_the_same_where_there_is_no_proc() -> None:
    child = subprocess.Popen(["sleep", "60"])
    try:
        started = process._by_ps(child.pid)
    except FileNotFoundError:
        pytest.skip("ps is not installed")
    finally:
        child.kill()
    assert started
    assert len(started.split()) == 5  # Sun Nov  1 12:00:00 2026
    child.wait()
    assert process._by_ps(child.pid) is None
