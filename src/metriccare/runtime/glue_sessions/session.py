"""One session: its status, its queue of statements, its timeouts."""

import threading
import time
from enum import StrEnum
from typing import Any

from metriccare.runtime.glue_sessions.api_error import (
    ILLEGAL_STATE,
    INVALID,
    NOT_FOUND,
    TOO_MANY,
    GlueApiError,
)
from metriccare.runtime.glue_sessions.process import Driver
from metriccare.runtime.glue_sessions.statement import FINAL, State, Statement

MAX_UNFINISHED_STATEMENTS = 25
DEFAULT_MINUTES = 2880  # as at AWS
_SHOWN = (
    "Id", "Description", "Role", "Command", "DefaultArguments", "Connections", "MaxCapacity", "SecurityConfiguration",
    "GlueVersion", "NumberOfWorkers", "WorkerType", "IdleTimeout", "SessionType",
)  # fmt: skip


class Status(StrEnum):
    """The states of a session; the last three are final."""

    PROVISIONING = "PROVISIONING"
    READY = "READY"
    STOPPING = "STOPPING"
    STOPPED = "STOPPED"
    FAILED = "FAILED"
    TIMEOUT = "TIMEOUT"


LIVE = (Status.PROVISIONING, Status.READY)
TRANSIENT = (Status.PROVISIONING, Status.STOPPING)


class Session:
    """One session and its process.

    Args:
        request: the validated request of CreateSession, with AWS's defaults.
        driver: the process.
        minute: length of a minute in timeouts, in seconds; tests use shorter ones.

    Attributes:
        id: the name of the session.
        status: its current status.
        tags: its tags.
    """

    def __init__(self, request: dict[str, Any], driver: Driver, minute: float) -> None:
        self.id: str = request["Id"]
        self.status = Status.PROVISIONING
        self.tags: dict[str, str] = dict(request.get("Tags", {}))
        self._request, self._driver, self._minute = request, driver, minute
        self._statements: list[Statement] = []
        self._reason = ""
        self._created_at = self._used_at = time.time()
        self._ended_at: float | None = None
        self._changed = threading.Condition(threading.RLock())
        self._reader = threading.Thread(target=self._follow, name=f"session-{self.id}", daemon=True)
        self._reader.start()

    def run(self, code: str) -> int:
        """Queue code and return its statement's number.

        Raises:
            GlueApiError: the session is not ready, or its queue is full.
        """
        with self._changed:
            self._require_ready()
            if sum(one.state not in FINAL for one in self._statements) >= MAX_UNFINISHED_STATEMENTS:
                raise GlueApiError(
                    TOO_MANY, f"Session {self.id} has {MAX_UNFINISHED_STATEMENTS} unfinished statements."
                )
            self._statements.append(Statement(len(self._statements), code))
            self._used_at = time.time()
            self._start_next()
            return len(self._statements) - 1

    def cancel(self, number: int) -> None:
        """Interrupt a running statement or remove a waiting one; a finished statement is left unchanged."""
        with self._changed:
            self._require_ready()
            statement = self._statement(number)
            if statement.state is State.WAITING:
                statement.cancel()
                self._changed.notify_all()
            elif statement.state is State.RUNNING:
                statement.state = State.CANCELLING
                self._driver.cancel(number)

    def statement(self, number: int, wait_seconds: float) -> dict[str, Any]:
        """Return the API's view of a statement, after waiting at most so many seconds for it to finish."""
        with self._changed:
            statement = self._statement(number)
            self._changed.wait_for(lambda: statement.state in FINAL, wait_seconds)
            return statement.view()

    def statements(self) -> list[dict[str, Any]]:
        """Return the API's view of all statements."""
        with self._changed:
            return [one.view() for one in self._statements]

    def view(self, wait_seconds: float = 0.0) -> dict[str, Any]:
        """Return the API's structure Session, after waiting at most so many seconds for it to start or stop."""
        with self._changed:
            self._changed.wait_for(lambda: self.status not in TRANSIENT, wait_seconds)
            shown = {name: self._request[name] for name in _SHOWN if name in self._request}
            shown |= {"Status": str(self.status), "CreatedOn": self._created_at}
            shown["Progress"] = 0.0 if self.status is Status.PROVISIONING else 1.0
            if self._reason:
                shown["ErrorMessage"] = self._reason
            if self._ended_at is not None:
                shown |= {"CompletedOn": self._ended_at, "ExecutionTime": self._ended_at - self._created_at}
            return shown

    def stop(self) -> None:
        """Start to stop; a session that has ended is left unchanged."""
        self._terminate(Status.STOPPING, "")

    def expire(self) -> None:
        """Stop with status TIMEOUT if the session was idle, or has been running, for too long."""
        with self._changed:
            idle, total = self._request["IdleTimeout"], self._request.get("Timeout", DEFAULT_MINUTES)
            is_busy = any(one.state not in FINAL for one in self._statements)
            if not is_busy and self._is_over(self._used_at, idle):
                self._terminate(Status.TIMEOUT, f"The session was idle for {idle} minutes.")
            elif self._is_over(self._created_at, total):
                self._terminate(Status.TIMEOUT, f"The session reached its timeout of {total} minutes.")

    def wait(self) -> None:
        """Return when the process has exited."""
        self._reader.join()

    def _is_over(self, since: float, minutes: int) -> bool:
        return time.time() - since > minutes * self._minute

    def _terminate(self, status: Status, reason: str) -> None:
        with self._changed:
            if self.status in LIVE:
                self._close(status, reason)
                threading.Thread(target=self._driver.stop).start()

    def _close(self, status: Status, reason: str) -> None:
        self.status, self._reason = status, reason
        for one in self._statements:
            if one.state not in FINAL:
                one.fail(reason or "The session was stopped.")
        self._changed.notify_all()

    def _require_ready(self) -> None:
        if self.status is Status.READY:
            return
        # The kernel takes InvalidInputException to mean that its session timed out.
        code = INVALID if self.status is Status.TIMEOUT else ILLEGAL_STATE
        raise GlueApiError(code, f"Session {self.id} is in {self.status} status")

    def _statement(self, number: int) -> Statement:
        if not 0 <= number < len(self._statements):
            raise GlueApiError(NOT_FOUND, f"Statement {number} not found in session {self.id}")
        return self._statements[number]

    def _follow(self) -> None:
        """Process the driver's messages until it exits."""
        for message in self._driver.messages():
            self._on_message(message)
        self._on_exit()

    def _on_message(self, message: dict[str, Any]) -> None:
        with self._changed:
            self._used_at = time.time()
            if "ready" in message:
                self.status = Status.READY if self.status is Status.PROVISIONING else self.status
            elif self.status is Status.READY:
                self._statements[message["id"]].finish(message["output"])
                self._start_next()
            self._changed.notify_all()

    def _on_exit(self) -> None:
        reason = self._driver.exit_message()
        self._driver.stop()
        with self._changed:
            if self.status is Status.STOPPING:
                self.status = Status.STOPPED
            elif self.status in LIVE:
                self._close(Status.FAILED, reason)
            self._ended_at = time.time()
            self._changed.notify_all()

    def _start_next(self) -> None:
        """Start the next waiting statement, if none is running."""
        states = [one.state for one in self._statements]
        if State.RUNNING in states or State.CANCELLING in states or State.WAITING not in states:
            return
        statement = self._statements[states.index(State.WAITING)]
        statement.start()
        self._driver.run(statement.id, statement.code)
