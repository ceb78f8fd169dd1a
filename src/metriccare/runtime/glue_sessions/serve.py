"""`metriccare glue-sessions serve`: the endpoint in the foreground, until it is told to end."""

import shlex
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from metriccare.runtime.glue_sessions.environment import default_folder, install_kernel, write_settings
from metriccare.runtime.glue_sessions.server import serving


def serve(port: int, say: Callable[[str], None]) -> None:
    """Serve until SIGTERM or SIGINT, then stop all sessions.

    Args:
        port: on loopback; 0 takes a free one.
        say: called with each line for the user: the address and the variables to set.

    Raises:
        EndpointError: the port is taken, or the kernel is not installed.
    """
    with told_to_end() as end, serving(port) as endpoint:
        folder = default_folder()
        environment = write_settings(endpoint, folder)
        environment["JUPYTER_PATH"] = str(install_kernel(folder, environment))
        say(f"# Glue sessions at {endpoint.address} until Ctrl+C; in another terminal:")
        for name, value in environment.items():
            say(f"export {name}={shlex.quote(value)}")
        end.wait()


@contextmanager
def told_to_end() -> Iterator[threading.Event]:
    """Give an event that SIGTERM and SIGINT set, instead of what they did before."""
    end = threading.Event()
    numbers = (signal.SIGTERM, signal.SIGINT)
    before = {number: signal.signal(number, lambda *_: end.set()) for number in numbers}
    try:
        yield end
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
