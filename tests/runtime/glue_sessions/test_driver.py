import signal
import threading
import time

import pytest

from metriccare.runtime.glue_sessions.driver import Cells

ENDLESS = "import time\nwhile True:\n    time.sleep(0.01)"


@pytest.fixture
def cells():
    before = signal.getsignal(signal.SIGINT)
    yield Cells()
    signal.signal(signal.SIGINT, before)


def test_a_cell_that_is_cancelled_before_it_begins_does_not_begin(cells):
    names = {}
    cells.cancel(1)

    assert cells.run(1, "ran = True", names)["ErrorName"] == "KeyboardInterrupt"
    assert "ran" not in names
    assert cells.run(2, "1", names)["Status"] == "ok"


def test_a_cell_that_runs_is_interrupted(cells):
    timer = threading.Timer(0.2, cells.cancel, (1,))
    timer.start()
    output = cells.run(1, ENDLESS, {})
    timer.join()

    assert (output["ErrorName"], output["ErrorValue"]) == ("KeyboardInterrupt", "the statement was cancelled")


def test_a_cancellation_that_comes_too_late_interrupts_nothing(cells):
    assert cells.run(1, "1", {})["Status"] == "ok"
    cells.cancel(1)
    signal.raise_signal(signal.SIGINT)  # nor does a stray signal
    time.sleep(0.1)

    assert cells.run(2, "2", {})["Data"] == {"TextPlain": "2"}
