"""The sessions of one endpoint."""

import tempfile
import threading
from pathlib import Path
from typing import Any

from metriccare.errors import ParameterError
from metriccare.runtime.glue_sessions.account import LOCAL, Account
from metriccare.runtime.glue_sessions.api_error import (
    EXISTS,
    INVALID,
    NOT_FOUND,
    TOO_MANY,
    GlueApiError,
)
from metriccare.runtime.glue_sessions.process import Driver
from metriccare.runtime.glue_sessions.session import DEFAULT_MINUTES, LIVE, Session
from metriccare.runtime.glue_sessions.settings_check import check_settings
from metriccare.runtime.kernel.options import parse_spark_conf

MAX_LIVE_SESSIONS = 4  # each has a JVM with its own heap
_DEFAULTS = {"GlueVersion": "4.0", "IdleTimeout": DEFAULT_MINUTES, "SessionType": "LIVY"}
_WORKERS = {"WorkerType": "G.1X", "NumberOfWorkers": 5}
_TICK_SECONDS = 0.2


class Sessions:
    """The sessions of one endpoint, with a thread that enforces their timeouts.

    Args:
        spark: start Spark in each session; without it sessions run Python only.
        minute: length of a minute in timeouts, in seconds.
        max_live: how many sessions may be live at the same time.
        account: what a session may be given.
    """

    def __init__(
        self,
        *,
        spark: bool = True,
        minute: float = 60.0,
        max_live: int = MAX_LIVE_SESSIONS,
        account: Account = LOCAL,
    ) -> None:
        self._spark, self._minute, self._max_live, self._account = spark, minute, max_live, account
        self._sessions: dict[str, Session] = {}
        self._lock = threading.Lock()
        self._logs = tempfile.TemporaryDirectory(prefix="metriccare-glue-")
        self._is_closed = threading.Event()
        threading.Thread(target=self._enforce_timeouts, name="timeouts", daemon=True).start()

    def create(self, request: dict[str, Any]) -> Session:
        """Start a session; it is ready when its Spark is running.

        Raises:
            GlueApiError: the id is in use, the settings would not work on AWS, or there are too many sessions.
        """
        settings = _DEFAULTS | ({} if "MaxCapacity" in request else _WORKERS) | request
        check_settings(settings, self._account)
        conf = _conf(settings)
        with self._lock:
            if settings["Id"] in self._sessions:
                raise GlueApiError(EXISTS, f"Session {settings['Id']} already exists")
            if sum(one.status in LIVE for one in self._sessions.values()) >= self._max_live:
                raise GlueApiError(
                    TOO_MANY, f"{self._max_live} sessions are already running; stop one of them first."
                )
            log = Path(self._logs.name) / f"{len(self._sessions)}.log"
            session = Session(settings, Driver(conf, log, spark=self._spark), self._minute)
            self._sessions[session.id] = session
        return session

    def find(self, name: str, *, missing: str = NOT_FOUND) -> Session:
        """Return a session by its name.

        Raises:
            GlueApiError: there is no such session; `missing` is the exception's code.
        """
        with self._lock:
            if name not in self._sessions:
                raise GlueApiError(missing, f"Session {name} not found")
            return self._sessions[name]

    def all(self) -> list[Session]:
        """Return all sessions, including those that have ended, in the order of their creation."""
        with self._lock:
            return list(self._sessions.values())

    def delete(self, name: str) -> None:
        """Stop a session and remove it from the list."""
        session = self.find(name, missing=INVALID)
        session.stop()
        with self._lock:
            self._sessions.pop(name, None)

    def close(self) -> None:
        """Stop all sessions; return when their processes have exited."""
        self._is_closed.set()
        sessions = self.all()
        for one in sessions:
            one.stop()
        for one in sessions:
            one.wait()
        self._logs.cleanup()

    def _enforce_timeouts(self) -> None:
        while not self._is_closed.wait(_TICK_SECONDS):
            for one in self.all():
                one.expire()


def _conf(settings: dict[str, Any]) -> dict[str, str]:
    """Return the Spark settings among the arguments."""
    try:
        return parse_spark_conf(settings.get("DefaultArguments", {}).get("--conf", ""))
    except ParameterError as error:
        raise GlueApiError(INVALID, str(error)) from error
