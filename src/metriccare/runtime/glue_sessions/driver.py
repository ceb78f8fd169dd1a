"""The process of one session: takes code over a socket, runs it, gives back what came of it.

`process.Driver` starts it as `python -m metriccare.runtime.glue_sessions.driver FD`. Messages are JSON, one a line; the
first one to come says how the session is set, the first to go that it is ready. What cells write past Python's own
streams goes to this process's log. It ends when the other side closes the socket.
"""

import json
import os
import queue
import signal
import socket
import sys
import threading
from types import ModuleType
from typing import IO, Any

from metriccare.runtime.glue_sessions.cell import failure, run_cell

CANCELLED = "the statement was cancelled"


class Cells:
    """Runs cells in this thread; another one may cancel one of them, before it begins or while it runs.

    A cell that runs gets a KeyboardInterrupt. It is over, as one that fails, when Spark does nothing of it any more.
    SIGINT at any other time does nothing.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._thread = threading.get_ident()
        self._cancelled: set[int] = set()
        self._current: int | None = None

    def run(self, number: int, code: str, names: dict[str, Any]) -> dict[str, Any]:
        """Run a cell and return its output."""
        signal.signal(signal.SIGINT, self._stop)  # each time: a new Spark context puts its own handler there
        try:
            return self._run(number, code, names)
        except KeyboardInterrupt as error:  # before the cell's first line, or a moment after its last
            self._current = None
            return failure(error)

    def cancel(self, number: int) -> None:
        """Interrupt a cell, or see to it that it does not begin."""
        with self._lock:
            self._cancelled.add(number)
            if self._current == number:
                signal.pthread_kill(self._thread, signal.SIGINT)

    def _run(self, number: int, code: str, names: dict[str, Any]) -> dict[str, Any]:
        with self._lock:
            if number in self._cancelled:
                raise KeyboardInterrupt(CANCELLED)
            self._current = number
        output = run_cell(code, names)
        self._current = None
        is_cancelled = number in self._cancelled
        if (is_cancelled or output["Status"] == "error") and "pyspark" in sys.modules:
            _settle(is_cancelled)
        return output

    def _stop(self, *_: object) -> None:
        if self._current is None:
            return
        self._current = None
        raise KeyboardInterrupt(CANCELLED)


def _settle(is_interrupted: bool) -> None:
    from metriccare.runtime.spark import settle

    settle(is_interrupted=is_interrupted)


def main(descriptor: int) -> None:
    """Serve one session until the other side closes the socket."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.set_inheritable(descriptor, False)  # else the JVM would hold the socket open
    channel = socket.socket(fileno=descriptor)
    come, go = channel.makefile("r", encoding="utf-8"), channel.makefile("w", encoding="utf-8")
    setting = json.loads(come.readline())
    names = _main_module()
    if setting["spark"]:
        names.update(_spark(setting["conf"]))
    _send(go, {"ready": True})
    cells = Cells()
    for number, code in iter(_received(come, cells).get, None):
        _send(go, {"id": number, "output": cells.run(number, code, names)})


def _main_module() -> dict[str, Any]:
    """Return the names of a new `__main__`: functions of cells are pickled for Spark's workers as its own."""
    module = ModuleType("__main__")
    sys.modules["__main__"] = module
    return module.__dict__


def _spark(conf: dict[str, str]) -> dict[str, Any]:
    """Start Spark and return the names under which a Glue session has it."""
    from metriccare.runtime.spark import choose, get_spark

    choose(conf)
    spark = get_spark(app="glue-session")
    return {"spark": spark, "sc": spark.sparkContext}


def _received(come: IO[str], cells: Cells) -> "queue.Queue[tuple[int, str]]":
    """Return the code that comes, read by a thread, which also hears that a cell is cancelled or the server gone."""
    code: queue.Queue[tuple[int, str]] = queue.Queue()

    def read() -> None:
        for line in come:
            message = json.loads(line)
            if "cancel" in message:
                cells.cancel(message["cancel"])
            else:
                code.put((message["id"], message["code"]))
        os._exit(0)  # the JVM ends when this process's pipe to it does

    threading.Thread(target=read, daemon=True).start()
    return code


def _send(go: IO[str], message: dict[str, Any]) -> None:
    go.write(json.dumps(message) + "\n")
    go.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]))
