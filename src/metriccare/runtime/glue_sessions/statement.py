"""One piece of code that a session runs: its states and how the API shows it."""

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
        id: its number in the session, from 0.
        code: what is run.
        state: how far it is.
        output: what came of it, as the API has it; empty before the end.
        started_at: when it began, in seconds since 1970.
        completed_at: when it ended, likewise.
    """

    id: int
    code: str
    state: State = State.WAITING
    output: dict[str, Any] = field(default_factory=dict)
    started_at: float | None = None
    completed_at: float | None = None

    def start(self) -> None:
        """Note that it runs now."""
        self.state, self.started_at = State.RUNNING, time.time()

    def end(self, output: dict[str, Any]) -> None:
        """Note what came of it: a failed cell is available too, and a cancelled one is cancelled whatever came."""
        is_cancelled = self.state is State.CANCELLING
        self._close(State.CANCELLED if is_cancelled else State.AVAILABLE, output)

    def cancel(self) -> None:
        """Note that it will never run."""
        self._close(State.CANCELLED, CANCELLED_OUTPUT)

    def lose(self, reason: str) -> None:
        """Note that its session ended before it did."""
        self._close(State.ERROR, {"Status": "error", "ErrorName": "SessionEnded", "ErrorValue": reason})

    def view(self) -> dict[str, Any]:
        """Return it as the API's structure Statement; times are milliseconds since 1970."""
        times = {"StartedOn": self.started_at, "CompletedOn": self.completed_at}
        shown: dict[str, Any] = {"Id": self.id, "Code": self.code, "State": str(self.state)}
        shown["Progress"] = 1.0 if self.state in FINAL else 0.0
        if self.output:
            shown["Output"] = self.output
        return shown | {name: int(at * 1000) for name, at in times.items() if at is not None}

    def _close(self, state: State, output: dict[str, Any]) -> None:
        self.state, self.completed_at = state, time.time()
        self.output = {"ExecutionCount": self.id, **output}
