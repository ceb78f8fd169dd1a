"""Runs one command and reports the costs of it and all its descendants: `python supervise.py REPORT COMMAND ...`.

It is a separate process, so that it has no other children. Descendants that outlive the command become its children
(Linux: PR_SET_CHILD_SUBREAPER), so that a JVM that the command did not wait for is counted too.
"""

import ctypes
import json
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

SAMPLE_SECONDS = 0.1
GRACE_SECONDS = 15.0
PAGE = os.sysconf("SC_PAGE_SIZE")
PR_SET_CHILD_SUBREAPER = 36


class Peak:
    """The peak of the total resident memory of this process's descendants, in bytes, sampled ten times a second.

    Shared pages count once per process; peaks shorter than a tenth of a second may be missed.
    """

    def __init__(self) -> None:
        self.bytes = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "Peak":
        """Start sampling."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop sampling."""
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stop.wait(SAMPLE_SECONDS):
            self.bytes = max(self.bytes, resident(descendants(os.getpid())))


def processes() -> dict[int, tuple[int, int]]:
    """Return parent and resident bytes of every process, by its id."""
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:  # it has ended since
                continue
            found[int(entry.name)] = int(fields[1]), int(fields[21]) * PAGE
    return found


def descendants(root: int) -> dict[int, int]:
    """Return the resident bytes of the children of a process, their children and so on, by process id."""
    known = processes()
    found: dict[int, int] = {}
    parents = {root}
    while parents:
        children = {pid for pid, (parent, _) in known.items() if parent in parents and pid not in found}
        found |= {pid: known[pid][1] for pid in children}
        parents = children
    return found


def resident(found: dict[int, int]) -> int:
    """Return the sum of resident bytes."""
    return sum(found.values())


def reap(seconds: float) -> int:
    """Wait for all descendants that are left, then end those that stay; return how many had to be ended."""
    until = time.monotonic() + seconds
    ended = 0
    while True:
        try:
            pid, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return ended
        if pid:
            continue
        if time.monotonic() > until:
            left = descendants(os.getpid())
            ended = max(ended, len(left))
            for child in left:
                os.kill(child, signal.SIGKILL)
        time.sleep(SAMPLE_SECONDS / 10)


def supervise(command: list[str]) -> dict[str, float]:
    """Run a command to its end.

    Returns:
        `exit_status`, `wall_s` until the command itself ended, `cpu_s` (user and system) of it and all its
        descendants, `peak_bytes`, and `left_behind`: descendants that did not end by themselves.
    """
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    start = time.perf_counter()
    with Peak() as peak:
        status = subprocess.Popen(command).wait()
        wall = time.perf_counter() - start
        left = reap(GRACE_SECONDS)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "exit_status": status,
        "wall_s": wall,
        "cpu_s": used.ru_utime + used.ru_stime,
        # A process that ended before the first look is known by its own maximum.
        "peak_bytes": max(peak.bytes, used.ru_maxrss * 1024),
        "left_behind": left,
    }


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(json.dumps(supervise(sys.argv[2:])))
