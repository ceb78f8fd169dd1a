"""One session: its states, its statements one after the other, its timeouts."""

import threading
import time
from enum import StrEnum
from typing import Any

from metriccare.runtime.glue_sessions.process import Driver
from metriccare.runtime.glue_sessions.refusal import INVALID, NOT_FOUND, TOO_MANY, WRONG_STATE, RefusedError
from metriccare.runtime.glue_sessions.statement import FINAL, State, Statement

MOST_UNFINISHED = 25
DEFAULT_MINUTES = 2880  # as at AWS
_SHOWN = (
    "Id", "Description", "Role", "Command", "DefaultArguments", "Connections", "MaxCapacity", "SecurityConfiguration",
    "GlueVersion", "NumberOfWorkers", "WorkerType", "IdleTimeout", "SessionType",
)  # fmt: skip


class Status(StrEnum):
    """The states of a session; the last three are its ends."""

    PROVISIONING = "PROVISIONING"
    READY = "READY"
    STOPPING = "STOPPING"
    STOPPED = "STOPPED"
    FAILED = "FAILED"
    TIMEOUT = "TIMEOUT"


LIVE = (Status.PROVISIONING, Status.READY)
PASSING = (Status.PROVISIONING, Status.STOPPING)


class Session:
    """One session with its process.

    Args:
        request: what CreateSession was asked for, checked and with AWS's defaults.
        driver: its process.
        minute: how many seconds a minute of the timeouts has; tests have shorter ones.

    Attributes:
        id: its name.
        status: how far it is.
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
            RefusedError: the session is not ready, or too many statements wait.
        """
        with self._changed:
            self._require_ready()
            if sum(one.state not in FINAL for one in self._statements) >= MOST_UNFINISHED:
                raise RefusedError(
                    TOO_MANY, f"Session {self.id} has {MOST_UNFINISHED} unfinished statements."
                )
            self._statements.append(Statement(len(self._statements), code))
            self._used_at = time.time()
            self._next()
            return len(self._statements) - 1

    def cancel(self, number: int) -> None:
        """Interrupt a statement that runs, or take one that waits out of the queue; one that ended stays as it is."""
        with self._changed:
            self._require_ready()
            statement = self._statement(number)
            if statement.state is State.WAITING:
                statement.cancel()
                self._changed.notify_all()
            elif statement.state is State.RUNNING:
                statement.state = State.CANCELLING
                self._driver.cancel(number)

    def statement(self, number: int, patience: float) -> dict[str, Any]:
        """Return a statement as the API shows it, after waiting so many seconds at most for its end."""
        with self._changed:
            statement = self._statement(number)
            self._changed.wait_for(lambda: statement.state in FINAL, patience)
            return statement.view()

    def statements(self) -> list[dict[str, Any]]:
        """Return all statements as the API shows them."""
        with self._changed:
            return [one.view() for one in self._statements]

    def view(self, patience: float = 0.0) -> dict[str, Any]:
        """Return the API's structure Session, after waiting so many seconds at most for one that begins or ends."""
        with self._changed:
            self._changed.wait_for(lambda: self.status not in PASSING, patience)
            shown = {name: self._request[name] for name in _SHOWN if name in self._request}
            shown |= {"Status": str(self.status), "CreatedOn": self._created_at}
            shown["Progress"] = 0.0 if self.status is Status.PROVISIONING else 1.0
            if self._reason:
                shown["ErrorMessage"] = self._reason
            if self._ended_at is not None:
                shown |= {"CompletedOn": self._ended_at, "ExecutionTime": self._ended_at - self._created_at}
            return shown

    def stop(self) -> None:
        """Begin to stop; a session that ended stays as it is."""
        self._leave(Status.STOPPING, "")

    def expire(self) -> None:
        """Stop with the status TIMEOUT if it was idle, or is there, for too long."""
        with self._changed:
            idle, whole = self._request["IdleTimeout"], self._request.get("Timeout", DEFAULT_MINUTES)
            is_busy = any(one.state not in FINAL for one in self._statements)
            if not is_busy and self._is_over(self._used_at, idle):
                self._leave(Status.TIMEOUT, f"The session was idle for {idle} minutes.")
            elif self._is_over(self._created_at, whole):
                self._leave(Status.TIMEOUT, f"The session reached its timeout of {whole} minutes.")

    def wait(self) -> None:
        """Return when its process is gone."""
        self._reader.join()

    def _is_over(self, since: float, minutes: int) -> bool:
        return time.time() - since > minutes * self._minute

    def _leave(self, status: Status, reason: str) -> None:
        with self._changed:
            if self.status in LIVE:
                self._close(status, reason)
                threading.Thread(target=self._driver.end).start()

    def _close(self, status: Status, reason: str) -> None:
        self.status, self._reason = status, reason
        for one in self._statements:
            if one.state not in FINAL:
                one.lose(reason or "The session was stopped.")
        self._changed.notify_all()

    def _require_ready(self) -> None:
        if self.status is Status.READY:
            return
        # The kernel takes InvalidInputException for the sign that its session timed out.
        code = INVALID if self.status is Status.TIMEOUT else WRONG_STATE
        raise RefusedError(code, f"Session {self.id} is in {self.status} status")

    def _statement(self, number: int) -> Statement:
        if not 0 <= number < len(self._statements):
            raise RefusedError(NOT_FOUND, f"Statement {number} not found in session {self.id}")
        return self._statements[number]

    def _follow(self) -> None:
        """Take what the process sends, until it ends."""
        for message in self._driver.messages():
            self._took(message)
        self._ended()

    def _took(self, message: dict[str, Any]) -> None:
        with self._changed:
            self._used_at = time.time()
            if "ready" in message:
                self.status = Status.READY if self.status is Status.PROVISIONING else self.status
            elif self.status is Status.READY:
                self._statements[message["id"]].end(message["output"])
                self._next()
            self._changed.notify_all()

    def _ended(self) -> None:
        reason = self._driver.last_words()
        self._driver.end()
        with self._changed:
            if self.status is Status.STOPPING:
                self.status = Status.STOPPED
            elif self.status in LIVE:
                self._close(Status.FAILED, reason)
            self._ended_at = time.time()
            self._changed.notify_all()

    def _next(self) -> None:
        """Hand the next statement over, if none runs."""
        states = [one.state for one in self._statements]
        if State.RUNNING in states or State.CANCELLING in states or State.WAITING not in states:
            return
        statement = self._statements[states.index(State.WAITING)]
        statement.start()
        self._driver.run(statement.id, statement.code)
