"""Reads the status of a lake from its ledger, and from columns of three tables that hold no patient data."""

from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from metriccare.definitions.tables import RECORD
from metriccare.errors import LakeError
from metriccare.lake.ledger import FileEntry, FileState, Lease, Ledger, RunEntry, is_alive, open_ledger
from metriccare.lake.ledger.process import is_here
from metriccare.lake.storage import has_table
from metriccare.pipeline.stage import ALSO_HELD
from metriccare.reporting.status.model import (
    Files,
    Freshness,
    Quarantined,
    RunStatus,
    Source,
    Status,
    UnreadFile,
    Writer,
)
from metriccare.reporting.status.stages import stages
from metriccare.reporting.status.tables import Tables
from metriccare.settings import Lake

RUNS = 5
NO_LEDGER = (
    "This lake has no ledger, so its files, runs and stages are unknown: "
    "restore ledger.sqlite from a backup, or pass --ledger."
)


def read_status(lake: Lake, ledger_url: str = "", *, now: datetime | None = None) -> Status:
    """Return the status of a lake.

    Args:
        lake: the lake.
        ledger_url: the location of its ledger; empty means in its own folder.
        now: UTC; None means the current time.

    Raises:
        LakeError: there is no lake.
        LedgerError: its ledger can't be read.
    """
    tables, moment = Tables(lake), now or datetime.now(UTC)
    if ledger_url or "://" in lake.root or Path(lake.ledger).is_file():
        with closing(open_ledger(lake, ledger_url, create=False)) as ledger:
            return _of_ledger(tables, ledger, moment)
    if not has_table(lake, RECORD):
        raise LakeError(
            f"There is no lake at {lake.root}: pass its location with --lake, or run `metriccare run`."
        )
    tables.notes.append(NO_LEDGER)
    return _of_tables(tables, {}, tables.newest_received(), moment)


def _of_ledger(tables: Tables, ledger: Ledger, now: datetime) -> Status:
    writers = tuple(_writer(lease, now) for lease in ledger.holders())
    found = _Entries.of(ledger)
    states = {(one.file_version, one.position): one.state.value for one in ledger.quarantine()}
    return replace(
        _of_tables(tables, states, found.newest, now),
        stages=stages(ledger, found.files, _written(writers)),
        writers=writers,
        files=found.files,
        failed=tuple(found.unread[FileState.FAILED]),
        gone=tuple(found.unread[FileState.GONE]),
        sources=tuple(Source(name, newest) for name, newest in ledger.newest_by_source().items()),
        runs=tuple(_run(run, writers) for run in ledger.runs(RUNS)),
    )


def _of_tables(
    tables: Tables, states: dict[tuple[str, str], str], received_at: datetime | None, now: datetime
) -> Status:
    newest = tables.newest_run()
    freshness = Freshness(
        newest_file_received_at=received_at,
        newest_change_run_id=newest.get("run_id"),
        newest_change_at=newest.get("run_at"),
        as_of=newest.get("as_of"),
        newest_discharge_date=tables.newest_discharge(now.date()),
    )
    quarantine = _quarantine(tables, states)
    return Status(
        tables.lake.root,
        newest.get("is_synthetic"),
        freshness=freshness,
        quarantine=quarantine,
        notes=tuple(tables.notes),
    )


@dataclass
class _Entries:
    """Totals of the file versions in a ledger."""

    files: Files = field(default_factory=Files)
    unread: dict[FileState, list[UnreadFile]] = field(
        default_factory=lambda: {FileState.FAILED: [], FileState.GONE: []}
    )
    newest: datetime | None = None

    @classmethod
    def of(cls, ledger: Ledger) -> "_Entries":
        counts, found = Counter[FileState](), cls()
        for entry in ledger.files():
            counts[entry.state] += 1
            found.newest = max(found.newest or entry.received_at, entry.received_at)
            if entry.state in found.unread:
                found.unread[entry.state].append(_unread(entry))
        found.files = Files(**{state.value: counts[state] for state in FileState})
        return found


def _unread(entry: FileEntry) -> UnreadFile:
    return UnreadFile(entry.file.path, entry.file.source, entry.received_at, entry.reason)


def _writer(lease: Lease, now: datetime) -> Writer:
    owner = lease.owner
    is_writing = is_alive(owner) if is_here(owner) else now < lease.expires_at
    return Writer(lease.stage, owner.run_id, owner.pid, owner.host, lease.expires_at, is_writing)


def _written(writers: tuple[Writer, ...]) -> set[str]:
    """Return the stages that are being written; one that is only locked for another stage is not."""
    held = {(one.run_id, one.stage) for one in writers if one.is_writing}
    locked = {(run, other) for run, stage in held for other in ALSO_HELD.get(stage, ())}
    return {stage for _, stage in held - locked}


def _run(run: RunEntry, writers: tuple[Writer, ...]) -> RunStatus:
    seconds = (run.ended_at - run.started_at).total_seconds() if run.ended_at else None
    is_writing = any(one.is_writing and one.run_id == run.run_id for one in writers)
    return RunStatus(run.run_id, run.started_at, run.ended_at, seconds, run.status, is_writing, run.message)


def _quarantine(tables: Tables, states: dict[tuple[str, str], str]) -> tuple[Quarantined, ...]:
    counts: dict[str, Counter[str]] = {}
    for row in tables.quarantined():
        state = states.get((row["file_version"], row["position"]), "open")
        counts.setdefault(row["reason_code"], Counter())[state] += 1
    return tuple(
        Quarantined(reason, found["open"], found["replayed"], found["dismissed"])
        for reason, found in sorted(counts.items())
    )
