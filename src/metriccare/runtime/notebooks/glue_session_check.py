"""Checks that each cell of a notebook ran in its Glue session, and stops the session at the end.

papermill alone does not notice a failure: the kernel of aws-glue-sessions replies `ok` for a cell that it could not
send, and `abort`, which nbclient ignores, for one whose session died. So Glue itself is queried after each cell.
"""

import os
import re
import signal
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError
from nbformat.v4 import new_output

from metriccare.errors import NotebookError
from metriccare.runtime.environment import temporary_environment

LIVE = ("PROVISIONING", "READY")
SECONDS_TO_STOP = 120.0  # a session can't be stopped while it is provisioning
_PROFILE, _REGION, _ADDRESS = "glue_profile", "glue_region", "glue_endpoint_url"  # the kernel's variables
_POLL_SECONDS = 0.2
_TERMINATED = 128 + signal.SIGTERM
_CELL_MAGICS = ("%%configure", "%%tags", "%%assume_role")
_REJECTED = re.compile(
    r"Error message: (.+)|Exception encountered while creating session: (.+(?:(?<=:)\n.+)?)"
)
_MISUSED = re.compile(r"UsageError: .+|The following exception was encountered while parsing .+")


def statement_of(source: str) -> str:
    """Return the code that the kernel sends for a cell; empty if the cell has only session magics and comments."""
    lines = source.splitlines()
    for position, line in enumerate(lines):
        if line.startswith("%%sql"):
            query = "\n".join(lines[1:]).rstrip()
            return f'spark.sql("""{query}""").show()'
        if line.startswith(_CELL_MAGICS):
            return ""
        if line and not line.startswith(("%", "!", "#")):
            return "\n".join(lines[position:])
    return ""


class SessionCheck:
    """Queries Glue about the session of one notebook.

    Args:
        name: the notebook's name, for messages.
        output: path of the executed notebook, for messages.

    Raises:
        NotebookError: the settings for reaching Glue are incomplete.
    """

    def __init__(self, name: str, output: Path) -> None:
        self.session_id = f"metriccare-{uuid.uuid4()}"
        self._name, self._output = name, output
        self._cells = self._sent = 0
        try:
            self._glue = _client()
        except BotoCoreError as error:
            raise NotebookError(
                f"The settings of the Glue kernel are incomplete ({error}): set the variables that "
                "`metriccare glue-sessions settings --profile NAME` prints, or `metriccare glue-sessions serve`."
            ) from error

    def check_cell(self, cell: Any, **_: Any) -> None:
        """Check that a cell ran in the session; nbclient calls this after each cell.

        A cell that failed in the session gets its traceback as an output, which makes papermill stop.

        Raises:
            NotebookError: the cell did not complete; the message gives the reason.
        """
        self._cells += 1
        cell.execution_count = self._cells  # the kernel reports the same number for several cells
        for output in cell.outputs:
            output.get("metadata", {}).clear()  # in which the kernel gives every picture the same size
        text, code = _text(cell), statement_of(cell.source)
        if wrong := _MISUSED.search(text):
            raise self._error(f"the kernel rejected a magic: {wrong[0]}", cell)
        if code:
            statement = self._find_statement(cell, code)
            if statement["Output"]["Status"] == "error":
                cell.outputs.append(_error_output(statement["Output"]))

    def stop(self) -> None:
        """Stop the session if it is still running; return when it has ended.

        Raises:
            NotebookError: the session could not be stopped.
        """
        try:
            self._stop()
        except (BotoCoreError, ClientError) as error:
            raise NotebookError(
                f"The Glue session {self.session_id} could not be stopped ({error}); stop it in the AWS console, or "
                "you pay for it until its idle timeout."
            ) from error

    def _find_statement(self, cell: Any, code: str) -> dict[str, Any]:
        """Return this cell's statement in the session."""
        try:
            return self._query_statement(cell, code)
        except (BotoCoreError, ClientError) as error:
            raise self._error(f"AWS Glue could not be queried for its statement: {error}", cell) from error

    def _query_statement(self, cell: Any, code: str) -> dict[str, Any]:
        session, self._sent = self._session(), self._sent + 1
        if session is None:
            raise self._error(f"AWS Glue rejected the session: {_rejection(cell)}", cell)
        if session["Status"] != "READY":
            reason = session.get("ErrorMessage") or "no reason given"
            raise self._error(f"the Glue session ended as {session['Status']}: {reason}", cell)
        statements = self._statements()
        if len(statements) != self._sent or statements[-1]["Code"].strip() != code.strip():
            raise self._error("the Glue session did not receive this cell", cell)
        if statements[-1]["State"] != "AVAILABLE":
            raise self._error(f"the cell ended as {statements[-1]['State']} in the Glue session", cell)
        return dict(statements[-1])

    def _session(self) -> dict[str, Any] | None:
        try:
            return dict(self._glue.get_session(Id=self.session_id)["Session"])
        except self._glue.exceptions.EntityNotFoundException:
            return None

    def _statements(self) -> list[dict[str, Any]]:
        """Return the session's statements, oldest first."""
        found: list[dict[str, Any]] = []
        next_token: dict[str, str] = {}
        while True:
            page = self._glue.list_statements(SessionId=self.session_id, **next_token)
            found += page["Statements"]
            if "NextToken" not in page:
                return sorted(found, key=lambda one: one["Id"])
            next_token = {"NextToken": page["NextToken"]}

    def _stop(self) -> None:
        """Stop the session and wait for its end, since the next session may write the same tables."""
        deadline = time.monotonic() + SECONDS_TO_STOP
        while (session := self._session()) is not None and session["Status"] in (*LIVE, "STOPPING"):
            try:
                if session["Status"] in LIVE:
                    self._glue.stop_session(Id=self.session_id)
                elif time.monotonic() > deadline:
                    return
            except self._glue.exceptions.IllegalSessionStateException:
                if time.monotonic() > deadline:
                    raise
            time.sleep(_POLL_SECONDS)

    def _error(self, reason: str, cell: Any) -> NotebookError:
        brief = reason.strip().rstrip(".")
        return NotebookError(
            f"{self._name} failed at cell [{cell.execution_count}]: {brief}. See {self._output}."
        )


@contextmanager
def dedicated_session(name: str, output: Path) -> Iterator[SessionCheck]:
    """Give the next kernel its own session, and stop it at the end, also after a failure or SIGTERM.

    Raises:
        NotebookError: the settings for reaching Glue are incomplete, or the session could not be stopped.
    """
    check = SessionCheck(name, output)
    # The kernel reads its session's id and the id's prefix from these variables.
    with temporary_environment(session_id=check.session_id, session_id_prefix=""), _exit_on_sigterm():
        try:
            yield check
        finally:
            check.stop()


@contextmanager
def _exit_on_sigterm() -> Iterator[None]:
    """Turn SIGTERM into SystemExit, so that the kernel and the session are stopped before the process exits."""

    def terminate(*_: object) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        raise SystemExit(_TERMINATED)

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, terminate)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _client() -> Any:
    """Return a client for the kernel's endpoint: that of its profile, else `glue_endpoint_url`."""
    env = os.environ
    profile, region = env.get(_PROFILE), env.get("AWS_REGION") or env.get(_REGION)
    session = boto3.Session(profile_name=profile, region_name=region)
    return session.client("glue", endpoint_url=None if profile else env.get(_ADDRESS))


def _text(cell: Any) -> str:
    return "".join(output.get("text", "") for output in cell.outputs)


def _rejection(cell: Any) -> str:
    match = _REJECTED.search(_text(cell))
    return " ".join((match[1] or match[2]).split()) if match else "the kernel gave no reason"


def _error_output(output: dict[str, Any]) -> Any:
    traceback = [line.rstrip("\n") for line in output.get("Traceback", [])]
    return new_output(  # type: ignore[no-untyped-call]
        "error", ename=output["ErrorName"], evalue=output["ErrorValue"], traceback=traceback
    )
