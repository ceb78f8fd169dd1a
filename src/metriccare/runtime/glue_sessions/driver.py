"""The process of one session: receives code over a socket, runs it and returns the output.

`process.Driver` starts it as `python -m metriccare.runtime.glue_sessions.driver FD`. Messages are JSON, one per line.
The first message received holds the session's settings; the first one sent says that the session is ready. Output that
bypasses Python's own streams goes to this process's log. The process exits when the other side closes the socket.
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

from metriccare.runtime import logs
from metriccare.runtime.glue_sessions.cell import failure, run_cell

CANCELLED = "the statement was cancelled"


class Cells:
    """Runs cells in this thread; another thread may cancel a cell, before it starts or while it is running.

    A running cell gets a KeyboardInterrupt. Like a failed cell, it is finished only when Spark no longer works on it.
    SIGINT has no effect at any other time.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._thread = threading.get_ident()
        self._cancelled: set[int] = set()
        self._current: int | None = None

    def run(self, number: int, code: str, names: dict[str, Any]) -> dict[str, Any]:
        """Run a cell and return its output."""
        signal.signal(
            signal.SIGINT, self._stop
        )  # every time, since a new Spark context installs its own handler
        try:
            return self._run(number, code, names)
        except KeyboardInterrupt as error:  # before the cell's first line or just after its last
            self._current = None
            return failure(error)

    def cancel(self, number: int) -> None:
        """Interrupt a running cell, or keep a queued one from starting."""
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
            _wait_until_idle(is_cancelled)
        return output

    def _stop(self, *_: object) -> None:
        if self._current is None:
            return
        self._current = None
        raise KeyboardInterrupt(CANCELLED)


def _wait_until_idle(is_interrupted: bool) -> None:
    from metriccare.runtime.notebooks.idle import wait_until_idle

    wait_until_idle(is_interrupted=is_interrupted)


def main(descriptor: int) -> None:
    """Serve one session until the other side closes the socket."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.set_inheritable(descriptor, False)  # otherwise the JVM would keep the socket open
    channel = socket.socket(fileno=descriptor)
    reader, writer = channel.makefile("r", encoding="utf-8"), channel.makefile("w", encoding="utf-8")
    settings = json.loads(reader.readline())
    logs.configure()
    names = _main_module()
    if settings["spark"]:
        names.update(_start_spark(settings["conf"]))
    _send(writer, {"ready": True})
    cells = Cells()
    for number, code in iter(_read_code(reader, cells).get, None):
        _send(writer, {"id": number, "output": cells.run(number, code, names)})


def _main_module() -> dict[str, Any]:
    """Return the namespace of a new `__main__`, under which functions of cells are pickled for Spark's workers."""
    module = ModuleType("__main__")
    sys.modules["__main__"] = module
    return module.__dict__


def _start_spark(conf: dict[str, str]) -> dict[str, Any]:
    """Start Spark and return the variables that a Glue session predefines."""
    from metriccare.runtime.spark import configure_session, get_spark

    configure_session(conf)
    spark = get_spark(app="glue-session")
    return {"spark": spark, "sc": spark.sparkContext}


def _read_code(reader: IO[str], cells: Cells) -> "queue.Queue[tuple[int, str]]":
    """Return a queue of received code; the thread that fills it also handles cancellation and the server's exit."""
    code: queue.Queue[tuple[int, str]] = queue.Queue()

    def read() -> None:
        for line in reader:
            message = json.loads(line)
            if "cancel" in message:
                cells.cancel(message["cancel"])
            else:
                code.put((message["id"], message["code"]))
        os._exit(0)  # the JVM exits when its pipe to this process closes

    threading.Thread(target=read, daemon=True).start()
    return code


def _send(writer: IO[str], message: dict[str, Any]) -> None:
    writer.write(json.dumps(message) + "\n")
    writer.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]))
