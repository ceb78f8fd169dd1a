"""One statement (a cell's code) of a session: its state and its view in the API."""

import time
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

CANCELLED_OUTPUT = {"Status": "cancelled"}


class State(StrEnum):
    """The states of a statement; the last three are final."""

    WAITING = "WAITING"
    RUNNING = "RUNNING"
    CANCELLING = "CANCELLING"
    AVAILABLE = "AVAILABLE"
    CANCELLED = "CANCELLED"
    ERROR = "ERROR"


FINAL = (State.AVAILABLE, State.CANCELLED, State.ERROR)


@dataclass
class Statement:
    """One statement of a session.

    Attributes:
        id: number in the session, from 0.
        code: the code.
        state: the current state.
        output: the API's structure StatementOutput; empty until the statement has finished.
        started_at: start, in seconds since 1970.
        completed_at: end, in seconds since 1970.
    """

    id: int
    code: str
    state: State = State.WAITING
    output: dict[str, Any] = field(default_factory=dict)
    started_at: float | None = None
    completed_at: float | None = None

    def start(self) -> None:
        """Mark the statement as running."""
        self.state, self.started_at = State.RUNNING, time.time()

    def finish(self, output: dict[str, Any]) -> None:
        """Store the output: the state is AVAILABLE, also for a failed cell, or CANCELLED if it was cancelled."""
        is_cancelled = self.state is State.CANCELLING
        self._close(State.CANCELLED if is_cancelled else State.AVAILABLE, output)

    def cancel(self) -> None:
        """Mark a waiting statement as cancelled."""
        self._close(State.CANCELLED, CANCELLED_OUTPUT)

    def fail(self, reason: str) -> None:
        """Mark the statement as failed because its session ended first."""
        self._close(State.ERROR, {"Status": "error", "ErrorName": "SessionEnded", "ErrorValue": reason})

    def view(self) -> dict[str, Any]:
        """Return the API's structure Statement; times are in milliseconds since 1970."""
        times = {"StartedOn": self.started_at, "CompletedOn": self.completed_at}
        shown: dict[str, Any] = {"Id": self.id, "Code": self.code, "State": str(self.state)}
        shown["Progress"] = 1.0 if self.state in FINAL else 0.0
        if self.output:
            shown["Output"] = self.output
        return shown | {name: int(at * 1000) for name, at in times.items() if at is not None}

    def _close(self, state: State, output: dict[str, Any]) -> None:
        self.state, self.completed_at = state, time.time()
        self.output = {"ExecutionCount": self.id, **output}
