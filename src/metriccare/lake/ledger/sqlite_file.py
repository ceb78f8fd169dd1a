"""The SQLite file of a ledger: created, opened, read and written; every error becomes one sentence.

A transaction takes the write lock first, so that what it reads is still true when it writes. The rollback journal with
full synchronisation (SQLite's default) survives the kill of any process and the loss of power; a write-ahead log would
need memory shared between processes, which network folders don't have.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from metriccare.errors import LedgerError
from metriccare.lake.ledger.model import FORMAT

BUSY_SECONDS = 30.0  # how long to wait for another process that writes; a write takes milliseconds

SCHEMA = """
CREATE TABLE file (version TEXT PRIMARY KEY, path TEXT NOT NULL, source TEXT NOT NULL, size INTEGER NOT NULL,
    state TEXT NOT NULL, received_at TEXT NOT NULL, batch_id TEXT NOT NULL DEFAULT '', reason TEXT NOT NULL DEFAULT '');
CREATE INDEX file_by_path ON file (path, version);
CREATE INDEX file_by_state ON file (state);
CREATE TABLE lease (stage TEXT PRIMARY KEY, run_id TEXT, host TEXT, pid INTEGER, started TEXT,
    token INTEGER NOT NULL, since TEXT, expires_at TEXT);
CREATE TABLE state (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE run (run_id TEXT PRIMARY KEY, started_at TEXT NOT NULL, ended_at TEXT, status TEXT NOT NULL,
    message TEXT NOT NULL);
CREATE TABLE quarantine (file_version TEXT NOT NULL, position TEXT NOT NULL, state TEXT NOT NULL,
    reason TEXT NOT NULL, changed_at TEXT NOT NULL, PRIMARY KEY (file_version, position));
"""


_DAMAGED = (
    "it is damaged. Move it away (`mv {path} {path}.damaged`), then run again: which files were read is taken from "
    "bronze. Only what was said of quarantined records is lost."
)
_REMEDIES = {
    "is locked": "another process has been writing it for half a minute: wait for it, or end it, then run again.",
    "malformed": _DAMAGED,
    "not a database": _DAMAGED,
}
_OTHERWISE = "free space on the disk, check the permissions of the folder, then run again; nothing is lost."


class SqliteFile:
    """One connection to the file, used by one thread of the process at a time."""

    def __init__(self, path: Path, *, create: bool = True) -> None:
        self._path, self._lock = path, threading.RLock()
        if not create and not path.is_file():
            raise LedgerError(f"There is no ledger {path} yet: run `metriccare run` first.")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(
                path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
        except (OSError, sqlite3.Error) as error:
            raise self._unusable(error) from error
        try:
            self._prepare()
        except LedgerError:
            self._db.close()
            raise

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Yield the connection to this thread alone."""
        with self._lock:
            try:
                yield self._db
            except sqlite3.Error as error:
                raise self._unusable(error) from error

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Yield an exclusive transaction; all of it is committed, or nothing."""
        with self.reading() as db:
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
                db.commit()
            except BaseException:
                db.rollback()
                raise

    def close(self) -> None:
        """Close the connection."""
        with self._lock:
            self._db.close()

    def _prepare(self) -> None:
        with self.reading() as db:
            (found,) = db.execute("PRAGMA user_version").fetchone()
        if found == 0:
            found = self._create_tables()
        if found > FORMAT:
            raise LedgerError(
                f"The ledger {self._path} was written by a newer MetricCare (format {found}, this version "
                f"reads {FORMAT}): install that version."
            )

    def _create_tables(self) -> int:
        """Create the tables, unless another process has just done so; return the format."""
        with self.writing() as db:
            (found,) = db.execute("PRAGMA user_version").fetchone()
            for statement in SCHEMA.split(";") if found == 0 else ():
                db.execute(statement)
            db.execute(f"PRAGMA user_version = {found or FORMAT}")
        return int(found or FORMAT)

    def _unusable(self, error: Exception) -> LedgerError:
        remedy = next((remedy for sign, remedy in _REMEDIES.items() if sign in str(error)), _OTHERWISE)
        return LedgerError(
            f"The ledger {self._path} can't be used ({error}): {remedy.format(path=self._path)}"
        )
