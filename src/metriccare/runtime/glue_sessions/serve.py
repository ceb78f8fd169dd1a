"""`metriccare glue-sessions serve`: the endpoint in the foreground, until SIGTERM or Ctrl+C."""

import os
import select
import shlex
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from metriccare.runtime.glue_sessions.environment import default_folder, install_kernel, write_settings
from metriccare.runtime.glue_sessions.server import serving


def serve(port: int, say: Callable[[str], None]) -> None:
    """Serve until SIGTERM or SIGINT, then stop all sessions.

    Args:
        port: port on the loopback interface; 0 picks a free one.
        say: called with each line of output: the address and the variables to set.

    Raises:
        EndpointError: the port is in use, or the kernel is not installed.
    """
    with stop_event() as stop, serving(port) as endpoint:
        folder = default_folder()
        environment = write_settings(endpoint, folder)
        environment["JUPYTER_PATH"] = str(install_kernel(folder, environment))
        say(f"# Glue sessions at {endpoint.address} until Ctrl+C. In another terminal, run:")
        for name, value in environment.items():
            say(f"export {name}={shlex.quote(value)}")
        stop.wait()


class StopEvent:
    """Is set by a signal's handler, once and for all.

    `threading.Event` can't be: a handler runs in the main thread, which holds the event's lock in most of `wait`.
    """

    def __init__(self) -> None:
        self._read, self._write = os.pipe()

    def set(self) -> None:
        """End all waiting, from now on; for handlers of signals."""
        os.write(self._write, b"!")

    def wait(self, timeout: float | None = None) -> bool:
        """Return True as soon as it is set, False after so many seconds."""
        return bool(select.select([self._read], [], [], timeout)[0])

    def close(self) -> None:
        """Free its files."""
        os.close(self._read)
        os.close(self._write)


@contextmanager
def stop_event() -> Iterator[StopEvent]:
    """Yield an event that SIGTERM and SIGINT set; restore their previous handlers on exit."""
    stop = StopEvent()
    numbers = (signal.SIGTERM, signal.SIGINT)
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in numbers}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        stop.close()
