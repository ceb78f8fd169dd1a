"""What ends the endpoint: SIGTERM and Ctrl+C, at any moment."""

import signal
import subprocess
import sys

import pytest

from metriccare.runtime.glue_sessions.serve import stop_event

# Every line that waiting executes, in whatever module, is interrupted.
INTERRUPTED = """
import signal, sys
from metriccare.runtime.glue_sessions.serve import stop_event

def interrupt(frame, event, argument):
    if event == "line":
        signal.raise_signal(NUMBER)
    return interrupt

with stop_event() as stop:
    sys.settrace(interrupt)
    while not stop.wait(0.01):
        pass
    sys.settrace(None)
print("ended")
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_at_any_moment_ends_the_waiting(number: signal.Signals) -> None:
    code = INTERRUPTED.replace("NUMBER", str(int(number)))
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout == "ended\n"


def test_without_a_signal_it_waits_as_long_as_asked() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with stop_event() as stop:
        assert not stop.wait(0.01)
    assert signal.getsignal(signal.SIGTERM) == before
