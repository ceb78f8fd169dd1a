"""The status of a lake; the fields are those of `metriccare status --format json`."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Progress(StrEnum):
    """How far a stage has processed its input."""

    NOT_RUN = "not run yet"
    UP_TO_DATE = "up to date"
    BEHIND = "behind"
    IN_PROGRESS = "in progress"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True)
class StageStatus:
    """The state of one stage.

    Attributes:
        stage: bronze, silver or gold.
        progress: how far it has processed its input.
        detail: its backlog in words; empty if it is up to date.
    """

    stage: str
    progress: Progress
    detail: str = ""


@dataclass(frozen=True)
class Writer:
    """A lease on a stage.

    Attributes:
        stage: the stage it may write.
        run_id: the run that holds it.
        process: the process id.
        host: the machine that the process runs on.
        expires_at: when it expires unless it is renewed, UTC.
        is_writing: false if the process has ended or the lease has expired, so that the next run takes over.
    """

    stage: str
    run_id: str
    process: int
    host: str
    expires_at: datetime
    is_writing: bool


@dataclass(frozen=True)
class Freshness:
    """How recent the data are; None if there are none yet.

    Attributes:
        newest_file_received_at: when the newest file version was first seen, UTC.
        newest_change_run_id: the latest run that changed gold.
        newest_change_at: when it ran, UTC.
        as_of: its cut-off date, the last day that counts.
        newest_discharge_date: the newest discharge in silver that is not in the future.
    """

    newest_file_received_at: datetime | None = None
    newest_change_run_id: str | None = None
    newest_change_at: datetime | None = None
    as_of: date | None = None
    newest_discharge_date: date | None = None


@dataclass(frozen=True)
class Source:
    """A source, and when its newest file version was received, UTC."""

    name: str
    newest_file_received_at: datetime


@dataclass(frozen=True)
class UnreadFile:
    """A file version that could not be read, or is gone.

    One that could not be read is tried again in the next run; one that was overwritten or deleted before it was read is
    received anew if it comes back.
    """

    path: str
    source: str
    received_at: datetime
    reason: str


@dataclass(frozen=True)
class Files:
    """The number of file versions by state."""

    received: int = 0
    claimed: int = 0
    done: int = 0
    failed: int = 0
    gone: int = 0


@dataclass(frozen=True)
class RunStatus:
    """A run.

    Attributes:
        run_id: its id.
        started_at: UTC.
        ended_at: UTC; None while it runs, or if it was killed.
        seconds: its duration; None if `ended_at` is None.
        status: running, succeeded or failed.
        is_writing: one of its processes holds a stage now.
        message: the error message; empty if it succeeded.
    """

    run_id: str
    started_at: datetime
    ended_at: datetime | None
    seconds: float | None
    status: str
    is_writing: bool
    message: str


@dataclass(frozen=True)
class Quarantined:
    """The number of quarantined records with one reason, by state."""

    reason_code: str
    open: int
    replayed: int
    dismissed: int


@dataclass(frozen=True)
class Status:
    """The status of a lake.

    Attributes:
        lake: its location.
        is_synthetic: all its patients are test data; None if gold has not run yet.
        stages: bronze, silver and gold.
        writers: the leases on stages.
        freshness: how recent the data are.
        files: the number of files by state.
        failed: the files that could not be read, by path.
        gone: the files that were overwritten or deleted before they were read, by path.
        sources: the sources, by name.
        runs: the latest runs, newest first.
        quarantine: the quarantined records by reason.
        notes: what is unknown, and why.
    """

    lake: str
    is_synthetic: bool | None = None
    stages: tuple[StageStatus, ...] = ()
    writers: tuple[Writer, ...] = ()
    freshness: Freshness = Freshness()
    files: Files = Files()
    failed: tuple[UnreadFile, ...] = ()
    gone: tuple[UnreadFile, ...] = ()
    sources: tuple[Source, ...] = ()
    runs: tuple[RunStatus, ...] = ()
    quarantine: tuple[Quarantined, ...] = ()
    notes: tuple[str, ...] = ()
