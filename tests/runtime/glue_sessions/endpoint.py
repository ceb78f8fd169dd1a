"""Endpoints for tests: on a free port of loopback, with sessions that run Python only unless Spark is asked for."""

import json
import os
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from metriccare.runtime.glue_sessions.account import WHEEL
from metriccare.runtime.glue_sessions.environment import install_kernel, write_settings
from metriccare.runtime.glue_sessions.glue_arguments import MODULES
from metriccare.runtime.glue_sessions.identity import ROLE
from metriccare.runtime.glue_sessions.server import Endpoint, serving
from metriccare.runtime.glue_sessions.sessions import Sessions

COMMAND = {"Name": "glueetl", "PythonVersion": "3"}
ARGUMENTS = {MODULES: WHEEL}
# What no session can do without.
NEEDED: dict[str, Any] = {
    "Role": ROLE,
    "Command": COMMAND,
    "GlueVersion": "5.0",
    "DefaultArguments": ARGUMENTS,
}
ENDED = ("STOPPED", "FAILED", "TIMEOUT")


class Glue:
    """One endpoint as a client of boto3 and by plain requests."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self.client = self._client("glue")

    def _client(self, service: str, **settings: Any) -> Any:
        return boto3.client(
            service,
            region_name="us-east-1",
            endpoint_url=self.endpoint.address,
            aws_access_key_id=self.endpoint.access_key,
            aws_secret_access_key=self.endpoint.secret_key,
            config=Config(retries={"total_max_attempts": 1}, **settings),
        )

    def careless(self) -> Any:
        """Return a client that sends what it is given."""
        return self._client("glue", parameter_validation=False)

    def other(self, service: str) -> Any:
        return self._client(service)

    def post(self, operation: str, body: Any, **headers: str) -> tuple[int, dict[str, Any]]:
        """Return status and body of a request as it goes over the wire."""
        signed = (
            f"AWS4-HMAC-SHA256 Credential={self.endpoint.access_key}/20260101/us-east-1/glue/aws4_request"
        )
        sent = {"X-Amz-Target": f"AWSGlue.{operation}", "Authorization": signed} | headers
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        request = urllib.request.Request(self.endpoint.address, content, sent)
        try:
            with urllib.request.urlopen(request) as answer:
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.loads(error.read())

    def create(self, name: str, **options: Any) -> dict[str, Any]:
        """Create a session and wait until it is ready or failed."""
        arguments = {"DefaultArguments": ARGUMENTS | options.pop("DefaultArguments", {})}
        self.client.create_session(Id=name, **NEEDED | options | arguments)
        return self.until(name, "READY", *ENDED)

    def until(self, name: str, *statuses: str, seconds: float = 30.0) -> dict[str, Any]:
        """Return the session when it has one of the statuses."""
        deadline = time.monotonic() + seconds
        while True:
            session: dict[str, Any] = self.client.get_session(Id=name)["Session"]
            if session["Status"] in statuses:
                return session
            assert time.monotonic() < deadline, f"{name} is {session['Status']}, not {statuses}"
            time.sleep(0.02)

    def start(self, name: str, code: str) -> int:
        return int(self.client.run_statement(SessionId=name, Code=code)["Id"])

    def run(self, name: str, code: str) -> dict[str, Any]:
        """Run code and return its statement when it is over."""
        return self.result(name, self.start(name, code))

    def result(self, name: str, number: int) -> dict[str, Any]:
        deadline = time.monotonic() + 300
        while True:
            statement: dict[str, Any] = self.client.get_statement(SessionId=name, Id=number)["Statement"]
            if statement["State"] not in ("WAITING", "RUNNING", "CANCELLING"):
                return statement
            assert time.monotonic() < deadline, f"statement {number} is {statement['State']}"

    def text(self, name: str, code: str) -> str:
        """Run code and return what it printed."""
        return str(self.run(name, code)["Output"]["Data"]["TextPlain"])


@contextmanager
def glue(**options: Any) -> Iterator[Glue]:
    """Serve sessions with these options."""
    with serving(0, Sessions(**options)) as endpoint:
        yield Glue(endpoint)


def kernel_environment(endpoint: Endpoint, folder: Path) -> dict[str, str]:
    """Return the variables with which Jupyter finds the Glue kernel, and the kernel the endpoint."""
    environment = write_settings(endpoint, folder)
    return environment | {"JUPYTER_PATH": str(install_kernel(folder, environment))}


def is_there(pid: int) -> bool:
    """Tell whether a process is there and no zombie."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] != "Z"


def wait_until_gone(*pids: int, seconds: float = 15.0) -> None:
    deadline = time.monotonic() + seconds
    while left := [pid for pid in pids if is_there(pid)]:
        assert time.monotonic() < deadline, f"still there: {left}"
        time.sleep(0.05)
