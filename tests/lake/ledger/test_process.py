"""A writer that was killed is known to be dead at once, and a living one is never taken for dead."""

import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace

import psutil
import pytest

from metriccare.lake.ledger import Owner, is_alive, this_process
from metriccare.lake.ledger.process import is_same, process

Living = Callable[[str], Owner]


def test_this_process_is_alive_and_the_same_in_another_run() -> None:
    assert is_alive(this_process("run-1"))
    assert is_same(this_process("run-1"), this_process("run-2"))


def test_a_living_process_is_another_one(living: Living) -> None:
    assert is_alive(living("run-1"))
    assert not is_same(living("run-1"), this_process("run-1"))


def test_every_process_sees_the_same_owner(living: Living) -> None:
    """Kernel, command line and Glue job of one machine compare what the other has written down."""
    owner = living("run-1")
    script = (
        f"from metriccare.lake.ledger.process import process; print(process({owner.pid}, 'run-1').started)"
    )
    seen = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert seen.stdout.strip() == owner.started


def test_a_killed_process_is_dead_also_while_nobody_has_waited_for_it() -> None:
    child = subprocess.Popen(["sleep", "60"])
    owner = process(child.pid, "run-1")
    assert is_alive(owner)
    child.kill()
    deadline = time.monotonic() + 10
    while psutil.Process(child.pid).status() != psutil.STATUS_ZOMBIE and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not is_alive(owner)
    child.wait()
    assert not is_alive(owner)


def test_a_later_process_with_the_same_id_is_another_one(living: Living) -> None:
    owner = living("run-1")
    assert not is_alive(replace(owner, started="1"))
    assert not is_alive(replace(owner, started=""))


def test_a_process_of_another_machine_counts_as_alive() -> None:
    assert is_alive(replace(this_process("run-1"), host="elsewhere", started="1"))


def test_a_change_of_the_clock_kills_nobody(living: Living, monkeypatch: pytest.MonkeyPatch) -> None:
    """The kernel derives the time of the boot from the clock, so a set clock moves every start."""
    owner = living("run-1")
    before = psutil.Process(owner.pid).create_time()
    module = psutil._psplatform
    boot_time = module.boot_time()
    monkeypatch.setattr(module, "boot_time", lambda: boot_time + 3600)
    if psutil.LINUX:
        assert psutil.Process(owner.pid).create_time() == pytest.approx(before + 3600, abs=2)
    assert is_alive(owner)
