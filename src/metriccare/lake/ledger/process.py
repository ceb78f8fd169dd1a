"""Which process writes, and whether it still runs: leases and claims of a killed run are free at once."""

import os
import socket

from metriccare.lake.ledger.model import Owner
from metriccare.settings import SOLE_RUN_VARIABLE


def this_process(run_id: str) -> Owner:
    """Return this process as the owner of what a run writes."""
    return process(os.getpid(), run_id)


def process(pid: int, run_id: str) -> Owner:
    """Return a process of this machine as the owner of what a run writes.

    A Glue job says by a variable that the attempts of its run follow one another.
    """
    is_sole = bool(run_id) and os.environ.get(SOLE_RUN_VARIABLE) == run_id
    return Owner(run_id, socket.gethostname(), pid, _identity(pid) or "", is_sole)


def is_here(owner: Owner) -> bool:
    """True if the owner is, or was, a process of this machine."""
    return owner.host == socket.gethostname()


def is_same(one: Owner, other: Owner) -> bool:
    """True if both are the same process, whatever its run."""
    return (one.host, one.pid, one.started) == (other.host, other.pid, other.started)


def is_alive(owner: Owner) -> bool:
    """Return whether a process of this machine still runs; one of another machine counts as alive."""
    return not is_here(owner) or _identity(owner.pid) == owner.started


def _identity(pid: int) -> str | None:
    """Return what distinguishes a process from a later one with the same id; None if it has ended or is a zombie.

    psutil hashes a process by its id and its start in monotonic time. `create_time()` would not do: it moves with the
    machine's clock, and a writer whose start seems to have changed would be taken for dead.
    """
    import psutil  # here, because Lambda has none: it registers files and takes no lease

    try:
        found = psutil.Process(pid)
        if found.status() in {psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD}:
            return None
    except psutil.NoSuchProcess:
        return None
    return f"{hash(found):x}"
