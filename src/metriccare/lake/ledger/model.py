"""What a ledger keeps of a lake: file versions, batches, leases, the consumers' places, runs, quarantine.

docs/contracts.md#the-ledger says what must hold. One interface has two implementations: SQLite for a lake on a disk,
DynamoDB for one on S3. Every change is a conditional write, so that of two processes one is refused; what a stage
writes is bound to its lease (fenced).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

FORMAT = 1  # of what a ledger keeps; a greater one was written by a newer MetricCare


class FileState(StrEnum):
    """The state of a file version."""

    RECEIVED = "received"  # registered, waiting
    CLAIMED = "claimed"  # being read by a batch
    DONE = "done"  # all its records are in bronze
    FAILED = "failed"  # could not be read; tried again in the next run
    GONE = "gone"  # overwritten or deleted before it was read; received anew if it comes back


@dataclass(frozen=True)
class FileVersion:
    """One version of one file of the raw zone.

    Attributes:
        version: opaque id of path and content (on disk path, size and time of change; on S3 version or eTag).
        path: where it is.
        source: the feed that it belongs to.
        size: in bytes.
    """

    version: str
    path: str
    source: str
    size: int


@dataclass(frozen=True)
class FileEntry:
    """What the ledger knows of a file version.

    Attributes:
        file: the version.
        state: received, claimed, done, failed or gone.
        received_at: when it was first seen, UTC; orders the resources in it that carry no stamp of their own.
        batch_id: the batch that claimed it last, else empty.
        reason: why it failed or that it is gone, else empty.
    """

    file: FileVersion
    state: FileState
    received_at: datetime
    batch_id: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Owner:
    """A process that writes: a run's notebook kernel, or one that a person opened.

    Attributes:
        run_id: its run.
        host: name of its machine.
        pid: its process id there.
        started: when that process started, by the machine's count; distinguishes it from a later one with the same id.
        is_sole: no other process of its run is alive: what another machine holds for the run was left by an earlier
            attempt. Known to the process itself only, not stored.
    """

    run_id: str
    host: str
    pid: int
    started: str
    is_sole: bool = field(default=False, compare=False)


@dataclass(frozen=True)
class Lease:
    """The right to write one stage of a lake.

    Attributes:
        stage: bronze, silver or gold.
        owner: who has it.
        token: the fencing token, greater than that of every earlier lease on the stage.
        expires_at: when it expires unless it is renewed, UTC.
    """

    stage: str
    owner: Owner
    token: int
    expires_at: datetime


@dataclass(frozen=True)
class RunEntry:
    """One run, whether or not it changed anything.

    Attributes:
        run_id: its id.
        started_at: UTC.
        ended_at: UTC; None while it runs, or if it was killed.
        status: running, succeeded or failed.
        message: the sentence that it ended with.
    """

    run_id: str
    started_at: datetime
    ended_at: datetime | None = None
    status: str = "running"
    message: str = ""


class QuarantineState(StrEnum):
    """What became of a quarantined record."""

    OPEN = "open"
    REPLAYED = "replayed"
    DISMISSED = "dismissed"


@dataclass(frozen=True)
class QuarantineEntry:
    """The state of one quarantined record that is not simply open; its text stays in bronze."""

    file_version: str
    position: str
    state: QuarantineState
    reason: str
    changed_at: datetime


class Ledger(Protocol):
    """The state of one lake. All methods raise `LedgerError` when the store can't be reached or written."""

    def register(self, files: Sequence[FileVersion], received_at: datetime) -> int:
        """Register the versions that are not known yet, or were gone, as received; return how many those are."""

    def unknown(self, files: Sequence[FileVersion]) -> list[FileVersion]:
        """Return those that `register` would register; writes nothing."""

    def files(self, *states: FileState) -> Iterator[FileEntry]:
        """Yield the file versions in these states (none: all), by path, then version; any number of them."""

    def counts(self, *states: FileState) -> dict[FileState, int]:
        """Return how many file versions are in each of these states (none: all); without those that have none."""

    def oldest(self, state: FileState) -> datetime | None:
        """Return when the first of the file versions in a state was received; None if there is none."""

    def newest_by_source(self) -> dict[str, datetime]:
        """Return when the newest file version of each source was received, whatever became of it."""

    def claim(self, lease: Lease, batch_id: str, versions: Sequence[str]) -> list[FileEntry]:
        """Claim received and failed versions for a batch; return those that were claimed, by path, then version."""

    def open_batches(self) -> dict[str, list[FileEntry]]:
        """Return the claimed versions by batch: of the run that is reading them, or of one that was killed."""

    def finish(self, lease: Lease, batch_id: str) -> None:
        """Mark what the batch claimed as done."""

    def release_claims(self, lease: Lease, batch_id: str) -> None:
        """Set what the batch claimed back to received: its run was killed before it wrote anything."""

    def fail(self, lease: Lease, reasons: Mapping[str, str]) -> None:
        """Mark versions, received, claimed or failed, as failed, each with a sentence."""

    def mark_gone(self, lease: Lease, reasons: Mapping[str, str]) -> None:
        """Mark versions, received, claimed or failed, as gone, each with a sentence."""

    def acquire(self, stage: str, owner: Owner, now: datetime) -> Lease:
        """Acquire the lease on a stage; waits a few seconds for one that another process holds.

        It is taken over from this process itself (a notebook run once more), from a process of this machine that has
        ended, and from one of another machine when it has expired, or at once if it was an earlier attempt of the same
        run (`Owner.is_sole`).

        Raises:
            StageBusyError: another process has it; the text says which and since when.
        """

    def renew(self, lease: Lease, now: datetime) -> Lease:
        """Extend a lease; raises LeaseLostError if another process has taken it over."""

    def check(self, lease: Lease) -> None:
        """Make sure that the lease is still valid; raises LeaseLostError if another process has taken it over."""

    def release(self, lease: Lease) -> None:
        """Release a lease; nothing happens if it is lost already."""

    def holders(self) -> list[Lease]:
        """Return the leases that are held now, including those of owners that have ended."""

    def state(self, name: str) -> dict[str, Any]:
        """Return a state, such as the checkpoint of a stage; empty if there is none."""

    def set_state(self, lease: Lease, name: str, value: Mapping[str, Any]) -> None:
        """Replace a state; raises LeaseLostError if the lease of its stage was taken over."""

    def start_run(self, run: RunEntry) -> None:
        """Record that a run has begun."""

    def end_run(self, run_id: str, ended_at: datetime, status: str, message: str = "") -> None:
        """Record how a run ended."""

    def runs(self, limit: int = 10) -> list[RunEntry]:
        """Return the newest runs, the newest first."""

    def set_quarantine(self, entries: Sequence[QuarantineEntry]) -> None:
        """Set the states of quarantined records."""

    def quarantine(self) -> Iterator[QuarantineEntry]:
        """Yield the states of the quarantined records that are not simply open."""

    def close(self) -> None:
        """Close the connection to the store."""
