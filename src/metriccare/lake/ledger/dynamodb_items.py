"""The items of the DynamoDB ledger: what each kind of entry looks like there, and back."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from metriccare.lake.ledger.encoding import from_iso, to_iso
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

LAKE, ITEM = "lake", "item"  # the names of the partition and the sort key
SOURCE = "source#"  # what the sort key of a source begins with
STATE = "state"  # of a file version; the sort key of the index
Item = dict[str, Any]


@dataclass(frozen=True)
class Write:
    """A write to one item.

    Attributes:
        sets: its attributes; others stay, unless it is replaced.
        condition: what must hold, in DynamoDB's syntax with `#name` for attributes and `:name` for values; empty: all.
        given: the values of the condition.
        replaces: true if the item keeps no other attributes.
    """

    sets: Item
    condition: str = ""
    given: Item = field(default_factory=dict)
    replaces: bool = False


def of_file(file: FileVersion, received_at: datetime) -> Item:
    """Return the item of a file version just received."""
    return {
        "version": file.version,
        "path": file.path,
        "source": file.source,
        "size": file.size,
        STATE: FileState.RECEIVED,
        "received_at": to_iso(received_at),
        "batch_id": "",
        "reason": "",
    }


def entry(item: Item) -> FileEntry:
    """Return the file version of an item."""
    file = FileVersion(item["version"], item["path"], item["source"], int(item["size"]))
    state = FileState(item[STATE])
    return FileEntry(file, state, from_iso(item["received_at"]), item["batch_id"], item["reason"])


def of_sources(files: Sequence[FileVersion], received_at: datetime) -> dict[str, Write]:
    """Return by sort key what is written of the sources of files just received: when the newest of each was."""
    at = to_iso(received_at)
    is_later = "attribute_not_exists(#received_at) OR #received_at < :received_at"
    names = sorted({file.source for file in files})
    return {f"{SOURCE}{name}": Write({"received_at": at}, is_later, {"received_at": at}) for name in names}


def source(item: Item) -> tuple[str, datetime]:
    """Return the name of a source, and when its newest file was received."""
    return item[ITEM].removeprefix(SOURCE), from_iso(item["received_at"])


def of_lease(lease: Lease, now: datetime) -> Item:
    """Return the item of a lease taken now."""
    owner = lease.owner
    return {
        "run_id": owner.run_id,
        "host": owner.host,
        "pid": owner.pid,
        "started": owner.started,
        "token": lease.token,
        "since": to_iso(now),
        "expires_at": to_iso(lease.expires_at),
    }


def lease(item: Item) -> Lease:
    """Return the lease of an item that has an owner."""
    owner = Owner(item["run_id"], item["host"], int(item["pid"]), item["started"])
    stage = item[ITEM].removeprefix("lease#")
    return Lease(stage, owner, int(item["token"]), from_iso(item["expires_at"]))


def run_key(run: RunEntry) -> str:
    """Return the sort key of a run: they lie in the order of their starts."""
    return f"run#{to_iso(run.started_at)}#{run.run_id}"


def of_run(run: RunEntry) -> Item:
    """Return the item of a run that begins."""
    return {
        "run_id": run.run_id,
        "started_at": to_iso(run.started_at),
        "status": run.status,
        "message": run.message,
    }


def run(item: Item) -> RunEntry:
    """Return the run of an item."""
    ended = from_iso(item["ended_at"]) if "ended_at" in item else None
    return RunEntry(item["run_id"], from_iso(item["started_at"]), ended, item["status"], item["message"])


def quarantine_key(entry: QuarantineEntry) -> str:
    """Return the sort key of a quarantined record's state."""
    return f"quarantine#{entry.file_version}#{entry.position}"


def of_quarantine(entry: QuarantineEntry) -> Item:
    """Return the item of a quarantined record's state."""
    return {
        "file_version": entry.file_version,
        "position": entry.position,
        "became": entry.state,
        "reason": entry.reason,
        "changed_at": to_iso(entry.changed_at),
    }


def quarantine(item: Item) -> QuarantineEntry:
    """Return the state of a quarantined record."""
    state, changed_at = QuarantineState(item["became"]), from_iso(item["changed_at"])
    return QuarantineEntry(item["file_version"], item["position"], state, item["reason"], changed_at)
