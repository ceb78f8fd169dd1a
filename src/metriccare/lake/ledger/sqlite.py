"""The ledger of a lake on a disk: one SQLite file in its folder.

Every method that writes is one transaction, which begins with a look at the lease where it takes one (the fence).
"""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from metriccare.lake.ledger import lease as leases
from metriccare.lake.ledger.encoding import UNREAD, by_batch, from_iso, pages, to_iso
from metriccare.lake.ledger.model import (
    FileEntry,
    FileState,
    FileVersion,
    Lease,
    Owner,
    QuarantineEntry,
    QuarantineState,
    RunEntry,
)
from metriccare.lake.ledger.sqlite_file import SqliteFile

PAGE = 500  # rows read, or parameters bound, at once


class SqliteLedger:
    """See `metriccare.lake.ledger.Ledger`."""

    def __init__(self, path: Path, *, create: bool = True) -> None:
        self._file = SqliteFile(path, create=create)

    def register(self, files: Sequence[FileVersion], received_at: datetime) -> int:
        """Register the versions that are not known yet, or were gone, as received; return how many those are."""
        rows = ((f.version, f.path, f.source, f.size, FileState.RECEIVED, to_iso(received_at)) for f in files)
        with self._file.writing() as db:
            return db.executemany(_REGISTER, rows).rowcount

    def unknown(self, files: Sequence[FileVersion]) -> list[FileVersion]:
        """Return those that `register` would register; writes nothing."""
        known: set[str] = set()
        with self._file.reading() as db:
            for page in pages([file.version for file in files], PAGE):
                found = db.execute(
                    f"SELECT version FROM file WHERE version IN ({_marks(page)}) AND state != ?",
                    (*page, FileState.GONE),
                )
                known.update(version for (version,) in found)
        new = {file.version: file for file in files if file.version not in known}
        return list(new.values())

    def files(self, *states: FileState) -> Iterator[FileEntry]:
        """Yield the file versions in these states (none: all), by path, then version."""
        wanted, last = states or tuple(FileState), ("", "")
        while True:
            with self._file.reading() as db:
                page = db.execute(
                    f"SELECT {_FILE} FROM file WHERE state IN ({_marks(wanted)}) AND (path, version) > (?, ?) "
                    f"ORDER BY path, version LIMIT {PAGE}",
                    (*wanted, *last),
                ).fetchall()
            yield from map(_entry, page)
            if len(page) < PAGE:
                return
            last = page[-1][1], page[-1][0]

    def counts(self, *states: FileState) -> dict[FileState, int]:
        """Return how many file versions are in each of these states (none: all)."""
        wanted = states or tuple(FileState)
        sql = f"SELECT state, count(*) FROM file WHERE state IN ({_marks(wanted)}) GROUP BY state"
        with self._file.reading() as db:
            return {FileState(state): count for state, count in db.execute(sql, wanted)}

    def oldest(self, state: FileState) -> datetime | None:
        """Return when the first of the file versions in a state was received; None if there is none."""
        with self._file.reading() as db:
            (found,) = db.execute("SELECT min(received_at) FROM file WHERE state = ?", (state,)).fetchone()
        return from_iso(found) if found else None

    def newest_by_source(self) -> dict[str, datetime]:
        """Return when the newest file version of each source was received, whatever became of it."""
        with self._file.reading() as db:
            rows = db.execute("SELECT source, max(received_at) FROM file GROUP BY source ORDER BY source")
            return {source: from_iso(newest) for source, newest in rows}

    def claim(self, lease: Lease, batch_id: str, versions: Sequence[str]) -> list[FileEntry]:
        """Claim received and failed versions for a batch; return those that were claimed."""
        got: list[FileEntry] = []
        free = (FileState.RECEIVED, FileState.FAILED)  # not one that is gone: it must be received anew
        with self._fenced(lease) as db:
            for page in pages(versions, PAGE):
                rows = db.execute(
                    f"UPDATE file SET state = ?, batch_id = ?, reason = '' "
                    f"WHERE version IN ({_marks(page)}) AND state IN (?, ?) RETURNING {_FILE}",
                    (FileState.CLAIMED, batch_id, *page, *free),
                )
                got += map(_entry, rows.fetchall())
        return sorted(got, key=lambda entry: (entry.file.path, entry.file.version))

    def open_batches(self) -> dict[str, list[FileEntry]]:
        """Return the claimed versions by batch."""
        return by_batch(self.files(FileState.CLAIMED))

    def finish(self, lease: Lease, batch_id: str) -> None:
        """Mark what the batch claimed as done."""
        self._set_batch_state(lease, batch_id, FileState.DONE)

    def release_claims(self, lease: Lease, batch_id: str) -> None:
        """Return what the batch claimed to received."""
        self._set_batch_state(lease, batch_id, FileState.RECEIVED)

    def fail(self, lease: Lease, reasons: Mapping[str, str]) -> None:
        """Mark versions, received, claimed or failed, as failed, each with a sentence."""
        self._give_up(lease, FileState.FAILED, reasons)

    def mark_gone(self, lease: Lease, reasons: Mapping[str, str]) -> None:
        """Mark versions, received, claimed or failed, as gone, each with a sentence."""
        self._give_up(lease, FileState.GONE, reasons)

    def acquire(self, stage: str, owner: Owner, now: datetime) -> Lease:
        """Return the lease on a stage; see `Ledger.acquire`."""
        return leases.retry_acquire(lambda: self._take(stage, owner, now))

    def renew(self, lease: Lease, now: datetime) -> Lease:
        """Extend a lease."""
        longer = Lease(lease.stage, lease.owner, lease.token, now + leases.TIME_TO_LIVE)
        with self._fenced(lease) as db:
            db.execute(
                "UPDATE lease SET expires_at = ? WHERE stage = ?", (to_iso(longer.expires_at), lease.stage)
            )
        return longer

    def check(self, lease: Lease) -> None:
        """Make sure that the lease is still valid."""
        with self._file.reading() as db:
            self._check(db, lease)

    def release(self, lease: Lease) -> None:
        """Release a lease; nothing happens if it is lost already."""
        with self._file.writing() as db:
            db.execute(
                "UPDATE lease SET run_id = NULL WHERE stage = ? AND token = ?", (lease.stage, lease.token)
            )

    def holders(self) -> list[Lease]:
        """Return the leases that are held now, including those of owners that have ended."""
        with self._file.reading() as db:
            rows = db.execute(f"SELECT {_LEASE} FROM lease WHERE run_id IS NOT NULL ORDER BY stage")
            return [_lease(row) for row in rows]

    def state(self, name: str) -> dict[str, Any]:
        """Return a state; empty if there is none."""
        with self._file.reading() as db:
            row = db.execute("SELECT value FROM state WHERE name = ?", (name,)).fetchone()
        found: dict[str, Any] = json.loads(row[0]) if row else {}
        return found

    def set_state(self, lease: Lease, name: str, value: Mapping[str, Any]) -> None:
        """Replace a state."""
        with self._fenced(lease) as db:
            db.execute("INSERT OR REPLACE INTO state VALUES (?, ?)", (name, json.dumps(dict(value))))

    def start_run(self, run: RunEntry) -> None:
        """Record that a run has begun."""
        with self._file.writing() as db:
            db.execute(
                "INSERT OR REPLACE INTO run VALUES (?, ?, NULL, ?, ?)",
                (run.run_id, to_iso(run.started_at), run.status, run.message),
            )

    def end_run(self, run_id: str, ended_at: datetime, status: str, message: str = "") -> None:
        """Record how a run ended."""
        with self._file.writing() as db:
            db.execute(
                "UPDATE run SET ended_at = ?, status = ?, message = ? WHERE run_id = ?",
                (to_iso(ended_at), status, message, run_id),
            )

    def runs(self, limit: int = 10) -> list[RunEntry]:
        """Return the newest runs, the newest first."""
        with self._file.reading() as db:
            rows = db.execute(
                "SELECT run_id, started_at, ended_at, status, message FROM run "
                "ORDER BY started_at DESC, run_id DESC LIMIT ?",
                (limit,),
            ).fetchall()
        return [RunEntry(r[0], from_iso(r[1]), from_iso(r[2]) if r[2] else None, r[3], r[4]) for r in rows]

    def set_quarantine(self, entries: Sequence[QuarantineEntry]) -> None:
        """Set the states of quarantined records."""
        rows = [(e.file_version, e.position, e.state, e.reason, to_iso(e.changed_at)) for e in entries]
        with self._file.writing() as db:
            db.executemany("INSERT OR REPLACE INTO quarantine VALUES (?, ?, ?, ?, ?)", rows)

    def quarantine(self) -> Iterator[QuarantineEntry]:
        """Yield the states of the quarantined records that are not simply open."""
        with self._file.reading() as db:
            rows = db.execute("SELECT * FROM quarantine ORDER BY file_version, position").fetchall()
        for version, position, state, reason, changed_at in rows:
            yield QuarantineEntry(version, position, QuarantineState(state), reason, from_iso(changed_at))

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _give_up(self, lease: Lease, state: FileState, reasons: Mapping[str, str]) -> None:
        rows = [(state, reason, version, *UNREAD) for version, reason in reasons.items()]
        sql = f"UPDATE file SET state = ?, reason = ? WHERE version = ? AND state IN ({_marks(UNREAD)})"
        with self._fenced(lease) as db:
            db.executemany(sql, rows)

    def _set_batch_state(self, lease: Lease, batch_id: str, state: FileState) -> None:
        with self._fenced(lease) as db:
            db.execute(
                "UPDATE file SET state = ? WHERE batch_id = ? AND state = ?",
                (state, batch_id, FileState.CLAIMED),
            )

    def _take(self, stage: str, owner: Owner, now: datetime) -> Lease | Exception:
        with self._file.writing() as db:
            row = db.execute(f"SELECT {_LEASE}, since FROM lease WHERE stage = ?", (stage,)).fetchone()
            held = _lease(row) if row and row[1] is not None else None
            if held is not None and not leases.is_free(held, owner, now):
                return leases.busy(held, from_iso(row[-1]))
            taken = leases.next_lease(stage, owner, row[5] if row else 0, now)
            values = (stage, owner.run_id, owner.host, owner.pid, owner.started, taken.token)
            db.execute(
                "INSERT OR REPLACE INTO lease VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (*values, to_iso(now), to_iso(taken.expires_at)),
            )
        return taken

    def _check(self, db: sqlite3.Connection, lease: Lease) -> None:
        row = db.execute("SELECT token FROM lease WHERE stage = ?", (lease.stage,)).fetchone()
        if row is None or row[0] != lease.token:
            raise leases.lost(lease)

    @contextmanager
    def _fenced(self, lease: Lease) -> Iterator[sqlite3.Connection]:
        """Give a transaction in which the lease is the newest one."""
        with self._file.writing() as db:
            self._check(db, lease)
            yield db


_REGISTER = (
    "INSERT INTO file (version, path, source, size, state, received_at) VALUES (?,?,?,?,?,?) "
    "ON CONFLICT (version) DO UPDATE SET state = excluded.state, received_at = excluded.received_at, "
    f"batch_id = '', reason = '' WHERE state = '{FileState.GONE}'"
)
_FILE = "version, path, source, size, state, received_at, batch_id, reason"
_LEASE = "stage, run_id, host, pid, started, token, expires_at"


def _entry(row: Sequence[Any]) -> FileEntry:
    return FileEntry(FileVersion(*row[:4]), FileState(row[4]), from_iso(row[5]), row[6], row[7])


def _lease(row: Sequence[Any]) -> Lease:
    return Lease(row[0], Owner(*row[1:5]), row[5], from_iso(row[6]))


def _marks(values: Sequence[Any]) -> str:
    return ", ".join("?" * len(values))
