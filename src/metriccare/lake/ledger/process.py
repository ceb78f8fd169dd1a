"""Which process writes, and whether it is still there: a killed run's leases and claims are free at once."""

import os
import socket
import subprocess
from pathlib import Path

from metriccare.lake.ledger.model import Owner

DEAD_STATES = ("Z", "X")  # a zombie writes nothing any more


def this_process(run_id: str) -> Owner:
    """Return this process as the owner of what a run writes."""
    return process(os.getpid(), run_id)


def process(pid: int, run_id: str) -> Owner:
    """Return a process of this machine as the owner of what a run writes."""
    return Owner(run_id, socket.gethostname(), pid, _started(pid) or "")


def is_here(owner: Owner) -> bool:
    """True if the owner is, or was, a process of this machine."""
    return owner.host == socket.gethostname()


def is_same(one: Owner, other: Owner) -> bool:
    """True if both are the same process, whatever its run."""
    return (one.host, one.pid, one.started) == (other.host, other.pid, other.started)


def is_alive(owner: Owner) -> bool:
    """Tell whether a process of this machine still runs; one of another machine counts as alive."""
    return not is_here(owner) or _started(owner.pid) == owner.started


def _started(pid: int) -> str | None:
    """Return when a process began, as the system counts it; None if it is gone."""
    return _by_proc(pid) if Path("/proc/self/stat").exists() else _by_ps(pid)


def _by_proc(pid: int) -> str | None:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    fields = stat.rpartition(")")[2].split()  # those after the name, which may hold anything
    return None if fields[0] in DEAD_STATES else fields[19]


def _by_ps(pid: int) -> str | None:
    """Ask `ps`, where there is no /proc (macOS)."""
    command = ["ps", "-o", "stat=,lstart=", "-p", str(pid)]
    plain = {"PATH": "/bin:/usr/bin", "LC_ALL": "C", "TZ": "UTC"}
    told = subprocess.run(command, env=plain, capture_output=True, text=True, check=False)  # noqa: S603
    state, _, started = told.stdout.strip().partition(" ")
    return None if not started or state[0] in DEAD_STATES else started.strip()
