"""All sessions of one endpoint."""

import tempfile
import threading
from pathlib import Path
from typing import Any

from metriccare.errors import ParameterError
from metriccare.runtime.glue_sessions.process import Driver
from metriccare.runtime.glue_sessions.refusal import (
    EXISTS,
    INVALID,
    NOT_FOUND,
    NOT_SUPPORTED,
    TOO_MANY,
    RefusedError,
)
from metriccare.runtime.glue_sessions.session import DEFAULT_MINUTES, LIVE, Session
from metriccare.runtime.kernel.options import parse_spark_conf

MOST_LIVE = 4  # each has a JVM with a heap of its own
VERSIONS = ("2.0", "3.0", "4.0", "5.0", "5.1")
_DEFAULTS = {"GlueVersion": "4.0", "IdleTimeout": DEFAULT_MINUTES, "SessionType": "LIVY"}
_WORKERS = {"WorkerType": "G.1X", "NumberOfWorkers": 5}
_TICK_SECONDS = 0.2


class Sessions:
    """The sessions of one endpoint, and the watch over their timeouts.

    Args:
        spark: start Spark in each; without it they run Python only.
        minute: how many seconds a minute of the timeouts has.
        most: how many may be there at once.
    """

    def __init__(self, *, spark: bool = True, minute: float = 60.0, most: int = MOST_LIVE) -> None:
        self._spark, self._minute, self._most = spark, minute, most
        self._sessions: dict[str, Session] = {}
        self._lock = threading.Lock()
        self._logs = tempfile.TemporaryDirectory(prefix="metriccare-glue-")
        self._is_over = threading.Event()
        threading.Thread(target=self._watch, name="timeouts", daemon=True).start()

    def create(self, request: dict[str, Any]) -> Session:
        """Begin a session; it is ready when its Spark runs.

        Raises:
            RefusedError: the id is taken, the options contradict each other, or there are too many sessions.
        """
        asked = _DEFAULTS | ({} if "MaxCapacity" in request else _WORKERS) | request
        conf = _conf(asked)
        with self._lock:
            if asked["Id"] in self._sessions:
                raise RefusedError(EXISTS, f"Session {asked['Id']} already exists")
            if sum(one.status in LIVE for one in self._sessions.values()) >= self._most:
                raise RefusedError(TOO_MANY, f"There are {self._most} sessions already: stop one of them.")
            log = Path(self._logs.name) / f"{len(self._sessions)}.log"
            session = Session(asked, Driver(conf, log, spark=self._spark), self._minute)
            self._sessions[session.id] = session
        return session

    def find(self, name: str, *, missing: str = NOT_FOUND) -> Session:
        """Return a session.

        Raises:
            RefusedError: there is none of this name; `missing` is AWS's exception for that.
        """
        with self._lock:
            if name not in self._sessions:
                raise RefusedError(missing, f"Session {name} not found")
            return self._sessions[name]

    def all(self) -> list[Session]:
        """Return all sessions, those that ended too, in the order they were created."""
        with self._lock:
            return list(self._sessions.values())

    def delete(self, name: str) -> None:
        """Stop a session and forget it."""
        session = self.find(name, missing=INVALID)
        session.stop()
        with self._lock:
            self._sessions.pop(name, None)

    def close(self) -> None:
        """Stop all sessions; return when their processes are gone."""
        self._is_over.set()
        sessions = self.all()
        for one in sessions:
            one.stop()
        for one in sessions:
            one.wait()
        self._logs.cleanup()

    def _watch(self) -> None:
        while not self._is_over.wait(_TICK_SECONDS):
            for one in self.all():
                one.expire()


def _conf(asked: dict[str, Any]) -> dict[str, str]:
    """Return Spark's settings among the arguments, and refuse what AWS would not start."""
    if asked["GlueVersion"] not in VERSIONS:
        raise RefusedError(INVALID, f"Glue version {asked['GlueVersion']} is not supported")
    if "MaxCapacity" in asked and ("WorkerType" in asked or "NumberOfWorkers" in asked):
        raise RefusedError(INVALID, "Please set either MaxCapacity, or WorkerType and NumberOfWorkers")
    if asked["SessionType"] != "LIVY":
        raise RefusedError(NOT_SUPPORTED, f"Sessions of type {asked['SessionType']} are not supported here")
    try:
        return parse_spark_conf(asked.get("DefaultArguments", {}).get("--conf", ""))
    except ParameterError as error:
        raise RefusedError(INVALID, str(error)) from error
