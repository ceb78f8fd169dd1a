"""How sessions end, and that their processes do."""

import subprocess
import sys

import pytest
from botocore.exceptions import ClientError
from tests.runtime.glue_sessions.endpoint import NEEDED, Glue, glue, is_there, wait_until_gone

from metriccare.runtime.glue_sessions.server import Endpoint

PID = "import os\nos.getpid()"
FOREVER = "import time\nwhile True:\n    time.sleep(0.01)"
CHILD = "import subprocess\nsubprocess.Popen(['sleep', '600']).pid"


def test_a_stopped_session_takes_its_process_and_the_children_with_it(plain: Glue) -> None:
    plain.create("s")
    pids = [int(plain.text("s", code)) for code in (PID, CHILD)]
    number = plain.start("s", FOREVER)
    assert all(map(is_there, pids))

    plain.client.stop_session(Id="s")

    session = plain.until("s", "STOPPED")
    wait_until_gone(*pids)
    assert session["CompletedOn"] >= session["CreatedOn"]
    assert plain.result("s", number)["State"] == "ERROR"


def test_a_session_can_be_stopped_while_it_begins_and_again_when_it_is_over(plain: Glue) -> None:
    plain.post("CreateSession", {"Id": "b", **NEEDED})
    plain.client.stop_session(Id="b")
    plain.until("b", "STOPPED")
    plain.client.stop_session(Id="b")
    assert plain.until("b", "STOPPED")["Status"] == "STOPPED"


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "signal 9"),
        ("import os\nos.write(2, b'out of memory\\n')\nos._exit(3)", "status 3: out of memory"),
    ],
)
def test_a_session_whose_process_dies_has_failed_and_gives_the_reason(
    code: str, reason: str, plain: Glue
) -> None:
    name = reason.split(":", maxsplit=1)[0].replace(" ", "-")
    plain.create(name)
    number = plain.start(name, code)

    assert reason in plain.until(name, "FAILED")["ErrorMessage"]
    statement = plain.result(name, number)
    assert (statement["State"], statement["Output"]["ErrorName"]) == ("ERROR", "SessionEnded")


def test_an_idle_session_times_out_and_a_busy_one_does_not() -> None:
    with glue(spark=False, minute=0.3) as quick:
        for name in ("idle", "busy"):
            quick.create(name, IdleTimeout=1)
        number = quick.start("busy", "import time\ntime.sleep(1.2)\n'done'")
        assert "idle for 1 minutes" in quick.until("idle", "TIMEOUT")["ErrorMessage"]
        assert quick.result("busy", number)["State"] == "AVAILABLE"

        with pytest.raises(ClientError) as caught:
            quick.start("idle", "1")
        assert caught.value.response["Error"]["Code"] == "InvalidInputException"  # as the kernel expects


def test_a_session_ends_at_its_timeout_even_if_it_is_busy() -> None:
    with glue(spark=False, minute=0.3) as quick:
        quick.create("long", Timeout=1)
        pid = int(quick.text("long", PID))
        number = quick.start("long", FOREVER)
        assert "timeout of 1 minutes" in quick.until("long", "TIMEOUT")["ErrorMessage"]
        assert quick.result("long", number)["State"] == "ERROR"
        wait_until_gone(pid)


def test_there_are_only_so_many_sessions_at_once() -> None:
    with glue(spark=False, max_live=1) as small:
        small.create("one")
        with pytest.raises(ClientError, match="ResourceNumberLimitExceededException"):
            small.create("two")
        small.client.stop_session(Id="one")
        assert small.create("two")["Status"] == "READY"


def test_the_end_of_the_endpoint_is_the_end_of_its_sessions() -> None:
    with glue(spark=False) as short:
        for name in ("a", "b"):
            short.create(name)
        pids = [int(short.text(name, PID)) for name in ("a", "b")]
        short.start("a", FOREVER)
    assert not any(map(is_there, pids))


SERVER = """
from metriccare.runtime.glue_sessions.server import serving
from metriccare.runtime.glue_sessions.sessions import Sessions
with serving(0, Sessions(spark=False)) as endpoint:
    print(endpoint.address, endpoint.access_key, endpoint.secret_key, flush=True)
    input()
"""


def test_a_session_does_not_outlive_an_endpoint_that_is_killed() -> None:
    command = [sys.executable, "-c", SERVER]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        served = Glue(Endpoint(*server.stdout.readline().split()))
        served.create("a")
        pid = int(served.text("a", PID))
        served.start("a", FOREVER)
        server.kill()
    wait_until_gone(pid)
