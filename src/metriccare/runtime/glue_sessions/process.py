"""The parent's side of `driver`: starts a session's process, sends it code, interrupts and stops it."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from metriccare.runtime.spark import GATEWAY_PORT, GATEWAY_SECRET

STOP_TIMEOUT_SECONDS = 10.0
MAX_REASON_LENGTH = 1000
_NOT_INHERITED = (GATEWAY_PORT, GATEWAY_SECRET)  # the session starts its own Spark


class Driver:
    """The process of one session; it and its JVM have their own process group.

    Args:
        conf: Spark settings, in addition to those of a local session.
        log: file for output that bypasses Python's own streams.
        spark: start Spark; without it a session is ready at once and runs Python only.
    """

    def __init__(self, conf: dict[str, str], log: Path, *, spark: bool) -> None:
        self._log = log
        ours, theirs = socket.socketpair()
        environment = {name: value for name, value in os.environ.items() if name not in _NOT_INHERITED}
        with theirs, log.open("wb") as output:
            self._process = subprocess.Popen(  # noqa: S603 - a module of this package
                [sys.executable, "-m", "metriccare.runtime.glue_sessions.driver", str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
                env=environment | {"MPLBACKEND": "Agg", "PYTHONUNBUFFERED": "1"},
            )
        self._reader, self._writer = (
            ours.makefile("r", encoding="utf-8"),
            ours.makefile("w", encoding="utf-8"),
        )
        ours.close()
        self._send({"conf": conf, "spark": spark})

    @property
    def pid(self) -> int:
        """The process id, which is also the id of its group."""
        return self._process.pid

    def messages(self) -> Iterator[dict[str, Any]]:
        """Yield the messages of the process until it exits: `ready`, then `id` and `output` of each cell it ran."""
        with suppress(OSError):
            for line in self._reader:
                yield json.loads(line)

    def run(self, number: int, code: str) -> None:
        """Send code; its output is the message with this number."""
        self._send({"id": number, "code": code})

    def cancel(self, number: int) -> None:
        """Interrupt the code with this number and its Spark jobs; its output is still sent."""
        self._send({"cancel": number})

    def stop(self) -> None:
        """Stop the process and its JVM; return when both have exited."""
        self._signal(signal.SIGTERM)
        deadline = time.monotonic() + STOP_TIMEOUT_SECONDS
        while self._is_running() and time.monotonic() < deadline:
            time.sleep(0.05)
        self._signal(signal.SIGKILL)
        self._process.wait()

    def exit_message(self) -> str:
        """Return how the process exited and the last line it wrote."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(1.0)
        status = self._process.returncode
        lines = self._log.read_text(encoding="utf-8", errors="replace").split("\n")
        written = [line.strip() for line in lines if line.strip()]
        how = "no status" if status is None else f"signal {-status}" if status < 0 else f"status {status}"
        last = written[-1] if written else "no output"
        return f"The session's process exited with {how}: {last}"[:MAX_REASON_LENGTH]

    def _send(self, message: dict[str, Any]) -> None:
        with suppress(OSError):  # it has exited, which `messages` notices
            self._writer.write(json.dumps(message) + "\n")
            self._writer.flush()

    def _signal(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.pid, number)

    def _is_running(self) -> bool:
        self._process.poll()  # otherwise an exited process is still listed
        try:
            os.killpg(self.pid, 0)
        except ProcessLookupError:
            return False
        return True
