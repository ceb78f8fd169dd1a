"""The ledger of a lake on S3: one DynamoDB table, one partition per lake.

Partition key `lake`, sort key `item`, and an index `by_state` on `state`, which only file versions have. Items:
`format`; `file#<version>`; `source#<name>`; `lease#<stage>`, which outlives its owner so that tokens grow;
`state#<name>`; `run#<start>#<run id>`; `quarantine#<file version>#<position>`. Region, credentials and endpoint come
from the usual AWS variables.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain, islice
from typing import Any

from metriccare.errors import LedgerError
from metriccare.lake.ledger import dynamodb_items as items
from metriccare.lake.ledger import lease as leases
from metriccare.lake.ledger.dynamodb_items import STATE, Item, Write
from metriccare.lake.ledger.dynamodb_store import Store
from metriccare.lake.ledger.encoding import UNREAD, by_batch, from_iso, to_iso
from metriccare.lake.ledger.model import (
    FORMAT,
    FileEntry,
    FileState,
    FileVersion,
    Lease,
    Owner,
    QuarantineEntry,
    RunEntry,
)

_IS_NEW = "attribute_not_exists(#item)"


class DynamoLedger:
    """See `metriccare.lake.ledger.Ledger`."""

    def __init__(self, table: str, lake: str, *, create: bool = True) -> None:
        self._name, self._store = table, Store(table, lake)
        self._check_format(lake, create)

    def register(self, files: Sequence[FileVersion], received_at: datetime) -> int:
        """Register the versions that are not known yet, or were gone, as received; return how many those are.

        Their sources come first: killed in between, this is repeated, and a source counts as fresh a moment too early.
        """
        new, gone = self.unknown(files), {"gone": FileState.GONE}
        self._store.write(items.of_sources(new, received_at))
        is_absent = f"{_IS_NEW} OR #{STATE} = :gone"
        rows = {file.version: items.of_file(file, received_at) for file in new}
        writes = {f"file#{key}": Write(row, is_absent, gone, replaces=True) for key, row in rows.items()}
        return len(self._store.write(writes))

    def unknown(self, files: Sequence[FileVersion]) -> list[FileVersion]:
        """Return those that `register` would register; writes nothing."""
        by_item = {f"file#{file.version}": file for file in files}
        states = self._store.states(list(by_item))
        return [file for item, file in by_item.items() if states.get(item, FileState.GONE) == FileState.GONE]

    def files(self, *states: FileState) -> Iterator[FileEntry]:
        """Yield the file versions in these states (none: all), by path, then version."""
        found = chain.from_iterable(self._store.in_state(state) for state in states or FileState)
        yield from sorted(map(items.entry, found), key=lambda entry: (entry.file.path, entry.file.version))

    def counts(self, *states: FileState) -> dict[FileState, int]:
        """Return how many file versions are in each of these states (none: all)."""
        counts = {state: self._store.count_in_state(state) for state in states or FileState}
        return {state: count for state, count in counts.items() if count}

    def oldest(self, state: FileState) -> datetime | None:
        """Return when the first of the file versions in a state was received; None if there is none."""
        found = min(self._store.values_in_state(state, "received_at"), default="")
        return from_iso(found) if found else None

    def newest_by_source(self) -> dict[str, datetime]:
        """Return when the newest file version of each source was received, whatever became of it."""
        return dict(map(items.source, self._store.query(items.SOURCE)))

    def claim(self, lease: Lease, batch_id: str, versions: Sequence[str]) -> list[FileEntry]:
        """Claim received and failed versions for a batch; return those that were claimed."""
        waiting = {"received": FileState.RECEIVED, "failed": FileState.FAILED}
        claimed = {STATE: FileState.CLAIMED, "batch_id": batch_id, "reason": ""}
        write = Write(claimed, f"#{STATE} IN (:received, :failed)", waiting)
        got = set(self._store.write({f"file#{version}": write for version in versions}, lease))
        return [entry for entry in self.files(FileState.CLAIMED) if f"file#{entry.file.version}" in got]

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
        until = {"expires_at": to_iso(longer.expires_at)}
        if not self._write(f"lease#{lease.stage}", Write(until, "#token = :token", {"token": lease.token})):
            raise leases.lost(lease)
        return longer

    def check(self, lease: Lease) -> None:
        """Make sure that the lease is still valid."""
        item = self._store.get(f"lease#{lease.stage}")
        if item is None or int(item["token"]) != lease.token:
            raise leases.lost(lease)

    def release(self, lease: Lease) -> None:
        """Release a lease; nothing happens if it is lost already."""
        token = {"token": lease.token}
        self._write(f"lease#{lease.stage}", Write(token, "#token = :token", token, replaces=True))

    def holders(self) -> list[Lease]:
        """Return the leases that are held now, including those of owners that have ended."""
        return [items.lease(item) for item in self._store.query("lease#") if "run_id" in item]

    def state(self, name: str) -> dict[str, Any]:
        """Return a state; empty if there is none."""
        item = self._store.get(f"state#{name}")
        found: dict[str, Any] = json.loads(item["value"]) if item else {}
        return found

    def set_state(self, lease: Lease, name: str, value: Mapping[str, Any]) -> None:
        """Replace a state."""
        self._store.write({f"state#{name}": Write({"value": json.dumps(dict(value))})}, lease)

    def start_run(self, run: RunEntry) -> None:
        """Record that a run has begun."""
        self._write(items.run_key(run), Write(items.of_run(run), replaces=True))

    def end_run(self, run_id: str, ended_at: datetime, status: str, message: str = "") -> None:
        """Record how a run ended."""
        ended = {"ended_at": to_iso(ended_at), "status": status, "message": message}
        newest = self._store.query("run#", newest_first=True)
        run = next((item for item in newest if item["run_id"] == run_id), None)
        if run:
            self._write(run[items.ITEM], Write(ended))

    def runs(self, limit: int = 10) -> list[RunEntry]:
        """Return the newest runs, the newest first."""
        newest = islice(self._store.query("run#", newest_first=True), limit)
        return [items.run(item) for item in newest]

    def set_quarantine(self, entries: Sequence[QuarantineEntry]) -> None:
        """Set the states of quarantined records."""
        self._store.write(
            {items.quarantine_key(entry): Write(items.of_quarantine(entry)) for entry in entries}
        )

    def quarantine(self) -> Iterator[QuarantineEntry]:
        """Yield the states of the quarantined records that are not simply open."""
        return map(items.quarantine, self._store.query("quarantine#"))

    def close(self) -> None:
        """Close the connections."""
        self._store.close()

    def _check_format(self, lake: str, create: bool) -> None:
        found = self._store.get("format")
        if found is None and not create:
            raise LedgerError(f"The ledger {self._name} has no lake {lake} yet: run `metriccare run` first.")
        if found is None:
            self._write("format", Write({"number": FORMAT}, _IS_NEW))
            found = self._store.get("format") or {"number": FORMAT}
        if int(found["number"]) > FORMAT:
            raise LedgerError(
                f"The ledger {self._name} was written by a newer MetricCare (format {found['number']}, this "
                f"version reads {FORMAT}): install that version."
            )

    def _give_up(self, lease: Lease, state: FileState, reasons: Mapping[str, str]) -> None:
        unread = {str(one): one for one in UNREAD}
        is_unread = f"#{STATE} IN ({', '.join(f':{name}' for name in unread)})"
        sets = {version: {STATE: state, "reason": reason} for version, reason in reasons.items()}
        writes = {f"file#{version}": Write(new, is_unread, unread) for version, new in sets.items()}
        self._store.write(writes, lease)

    def _set_batch_state(self, lease: Lease, batch_id: str, state: FileState) -> None:
        mine = {"claimed": FileState.CLAIMED, "batch": batch_id}
        write = Write({STATE: state}, f"#{STATE} = :claimed AND #batch_id = :batch", mine)
        claimed = (item for item in self._store.in_state(FileState.CLAIMED) if item["batch_id"] == batch_id)
        self._store.write({item[items.ITEM]: write for item in claimed}, lease)

    def _take(self, stage: str, owner: Owner, now: datetime) -> Lease | Exception:
        item: Item = self._store.get(f"lease#{stage}") or {}
        held = items.lease(item) if "run_id" in item else None
        if held and not leases.is_free(held, owner, now):
            return leases.busy(held, from_iso(item["since"]))
        token = int(item.get("token", 0))
        taken = leases.next_lease(stage, owner, token, now)
        is_same, given = ("#token = :token", {"token": token}) if item else (_IS_NEW, {})
        if self._write(f"lease#{stage}", Write(items.of_lease(taken, now), is_same, given, replaces=True)):
            return taken
        return self._take(stage, owner, now)  # somebody was faster: look who

    def _write(self, item: str, write: Write) -> bool:
        return bool(self._store.write({item: write}))
