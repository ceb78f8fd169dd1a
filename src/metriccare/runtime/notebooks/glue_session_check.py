"""A notebook whose cells run in a Glue session: each of them did run there, and the session ends.

papermill alone proves nothing there: the kernel of aws-glue-sessions answers `ok` for a cell that it could not send,
and `abort`, which nbclient passes over, for one whose session died. So Glue itself is asked after each cell.
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
from metriccare.runtime.environment import variables

LIVE = ("PROVISIONING", "READY")
SECONDS_TO_STOP = 120.0  # a session can't be stopped before it is ready
_PROFILE, _REGION, _ADDRESS = "glue_profile", "glue_region", "glue_endpoint_url"  # the kernel's variables
_STEP_SECONDS = 0.2
_TERMINATED = 128 + signal.SIGTERM
_CELL_MAGICS = ("%%configure", "%%tags", "%%assume_role")
_REFUSED = re.compile(
    r"Error message: (.+)|Exception encountered while creating session: (.+(?:(?<=:)\n.+)?)"
)
_MISUSED = re.compile(r"UsageError: .+|The following exception was encountered while parsing .+")


def statement_of(source: str) -> str:
    """Return what the kernel sends of a cell: nothing of one that holds only session magics and comments."""
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


class Watch:
    """Asks Glue about the session of one notebook.

    Args:
        name: the notebook's, for messages.
        kept: where it is kept, likewise.

    Raises:
        NotebookError: the settings that lead to Glue are incomplete.
    """

    def __init__(self, name: str, kept: Path) -> None:
        self.session_id = f"metriccare-{uuid.uuid4()}"
        self._name, self._kept = name, kept
        self._cells = self._sent = 0
        try:
            self._glue = _client()
        except BotoCoreError as error:
            raise NotebookError(
                f"The settings of the Glue kernel are incomplete ({error}): set AWS_REGION and glue_role_arn, or the "
                "variables that `metriccare glue-sessions serve` prints."
            ) from error

    def prove(self, cell: Any, **_: Any) -> None:
        """Make sure that a cell has run in the session; nbclient calls it after each.

        A cell that failed there gets its traceback as an output, which makes papermill stop.

        Raises:
            NotebookError: it did not run to its end; the text says why.
        """
        self._cells += 1
        cell.execution_count = self._cells  # the kernel gives the same number to several cells
        for output in cell.outputs:
            output.get("metadata", {}).clear()  # where it gives every picture the same size
        said, code = _texts(cell), statement_of(cell.source)
        if wrong := _MISUSED.search(said):
            raise self._error(f"a magic was refused: {wrong[0]}", cell)
        if code:
            statement = self._asked(cell, code)
            if statement["Output"]["Status"] == "error":
                cell.outputs.append(_failure(statement["Output"]))

    def stop(self) -> None:
        """Stop the session if it is still there; return when it is not.

        Raises:
            NotebookError: it could not be stopped.
        """
        try:
            self._stop()
        except (BotoCoreError, ClientError) as error:
            raise NotebookError(
                f"The Glue session {self.session_id} could not be stopped ({error}): stop it in the AWS console, it "
                "costs until its idle timeout."
            ) from error

    def _asked(self, cell: Any, code: str) -> dict[str, Any]:
        try:
            return self._ran(cell, code)
        except (BotoCoreError, ClientError) as error:
            raise self._error(f"AWS Glue could not be asked for its statement: {error}", cell) from error

    def _ran(self, cell: Any, code: str) -> dict[str, Any]:
        """Return the statement that is this cell's."""
        session, self._sent = self._session(), self._sent + 1
        if session is None:
            raise self._error(f"AWS Glue refused the session: {_refusal(cell)}", cell)
        if session["Status"] != "READY":
            why = session.get("ErrorMessage") or "no reason was given"
            raise self._error(f"the Glue session ended as {session['Status']}: {why}", cell)
        statements = self._statements()
        if len(statements) != self._sent or statements[-1]["Code"].strip() != code.strip():
            raise self._error("the Glue session did not get this cell", cell)
        if statements[-1]["State"] != "AVAILABLE":
            raise self._error(f"the cell ended as {statements[-1]['State']} in the Glue session", cell)
        return dict(statements[-1])

    def _session(self) -> dict[str, Any] | None:
        try:
            return dict(self._glue.get_session(Id=self.session_id)["Session"])
        except self._glue.exceptions.EntityNotFoundException:
            return None

    def _statements(self) -> list[dict[str, Any]]:
        """Return the session's statements, the oldest first."""
        found: list[dict[str, Any]] = []
        following: dict[str, str] = {}
        while True:
            page = self._glue.list_statements(SessionId=self.session_id, **following)
            found += page["Statements"]
            if "NextToken" not in page:
                return sorted(found, key=lambda one: one["Id"])
            following = {"NextToken": page["NextToken"]}

    def _stop(self) -> None:
        """Stop it, and wait until it writes nothing any more: the next session may write the same tables."""
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
            time.sleep(_STEP_SECONDS)

    def _error(self, reason: str, cell: Any) -> NotebookError:
        brief = reason.strip().rstrip(".")
        return NotebookError(
            f"{self._name} did not run, cell [{cell.execution_count}]: {brief}. See {self._kept}."
        )


@contextmanager
def watched(name: str, kept: Path) -> Iterator[Watch]:
    """Give the next kernel that starts a session of its own, and stop it at the end, on failure and on SIGTERM.

    Raises:
        NotebookError: the settings that lead to Glue are incomplete, or the session could not be stopped.
    """
    watch = Watch(name, kept)
    # The kernel takes the session's id from the one, and puts the other before it.
    with variables(session_id=watch.session_id, session_id_prefix=""), _ending_on_sigterm():
        try:
            yield watch
        finally:
            watch.stop()


@contextmanager
def _ending_on_sigterm() -> Iterator[None]:
    """Let SIGTERM end this process as an exception does: kernel and session are stopped on the way."""

    def end(*_: object) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        raise SystemExit(_TERMINATED)

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _client() -> Any:
    """Return a client that goes where the kernel goes: by its profile, else to `glue_endpoint_url`."""
    given = os.environ
    profile, region = given.get(_PROFILE), given.get("AWS_REGION") or given.get(_REGION)
    session = boto3.Session(profile_name=profile, region_name=region)
    return session.client("glue", endpoint_url=None if profile else given.get(_ADDRESS))


def _texts(cell: Any) -> str:
    return "".join(output.get("text", "") for output in cell.outputs)


def _refusal(cell: Any) -> str:
    found = _REFUSED.search(_texts(cell))
    return " ".join((found[1] or found[2]).split()) if found else "the kernel gave no reason"


def _failure(output: dict[str, Any]) -> Any:
    traceback = [line.rstrip("\n") for line in output.get("Traceback", [])]
    return new_output(  # type: ignore[no-untyped-call]
        "error", ename=output["ErrorName"], evalue=output["ErrorValue"], traceback=traceback
    )
