"""The other side of `driver`: starts a session's process, hands it code, interrupts and ends it."""

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

SECONDS_TO_END = 10.0
LONGEST_REASON = 1000
_NOT_ITS_OWN = (GATEWAY_PORT, GATEWAY_SECRET)  # it has a Spark of its own


class Driver:
    """The process of one session, with its JVM in a process group of its own.

    Args:
        conf: Spark's settings, beside those of a local session.
        log: file of what the process writes past Python's own streams; only it and this user read it.
        spark: start Spark; without it a session is there in a moment, and runs Python only.
    """

    def __init__(self, conf: dict[str, str], log: Path, *, spark: bool) -> None:
        self._log = log
        ours, theirs = socket.socketpair()
        environment = {name: value for name, value in os.environ.items() if name not in _NOT_ITS_OWN}
        with theirs, log.open("wb") as output:
            self._process = subprocess.Popen(  # noqa: S603 - this program's own module
                [sys.executable, "-m", "metriccare.runtime.glue_sessions.driver", str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
                env=environment | {"MPLBACKEND": "Agg", "PYTHONUNBUFFERED": "1"},
            )
        self._come, self._go = ours.makefile("r", encoding="utf-8"), ours.makefile("w", encoding="utf-8")
        ours.close()
        self._send({"conf": conf, "spark": spark})

    @property
    def pid(self) -> int:
        """The process's id, which is also that of its group."""
        return self._process.pid

    def messages(self) -> Iterator[dict[str, Any]]:
        """Give what the process sends, until it ends: `ready` first, then one `id` and `output` per code it ran."""
        with suppress(OSError):
            for line in self._come:
                yield json.loads(line)

    def run(self, number: int, code: str) -> None:
        """Hand over code; its output comes as the message of this number."""
        self._send({"id": number, "code": code})

    def cancel(self, number: int) -> None:
        """Interrupt the code of this number, and Spark's jobs with it; its output still comes."""
        self._send({"cancel": number})

    def end(self) -> None:
        """End the process and its JVM; return when both are gone."""
        self._signal(signal.SIGTERM)
        deadline = time.monotonic() + SECONDS_TO_END
        while self._is_there() and time.monotonic() < deadline:
            time.sleep(0.05)
        self._signal(signal.SIGKILL)
        self._process.wait()

    def last_words(self) -> str:
        """Return how the process ended, and the last line it wrote."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(1.0)
        status = self._process.returncode
        lines = self._log.read_text(encoding="utf-8", errors="replace").split("\n")
        said = [line.strip() for line in lines if line.strip()]
        how = "no status" if status is None else f"signal {-status}" if status < 0 else f"status {status}"
        return f"The session's process ended with {how}: {said[-1] if said else 'no word'}"[:LONGEST_REASON]

    def _send(self, message: dict[str, Any]) -> None:
        with suppress(OSError):  # it has ended, which the reader of the messages sees
            self._go.write(json.dumps(message) + "\n")
            self._go.flush()

    def _signal(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.pid, number)

    def _is_there(self) -> bool:
        self._process.poll()  # else a process that ended is still listed
        try:
            os.killpg(self.pid, 0)
        except ProcessLookupError:
            return False
        return True
