"""What `metriccare status` tells of a lake: the fields of its JSON."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Progress(StrEnum):
    """How far a stage has come with what the one before it holds."""

    NOT_RUN = "not run yet"
    UP_TO_DATE = "up to date"
    BEHIND = "behind"
    IN_PROGRESS = "in progress"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True)
class StageStatus:
    """One stage.

    Attributes:
        stage: bronze, silver or gold.
        progress: how far it has come.
        detail: what it waits for or is behind, in words; empty if it is up to date.
    """

    stage: str
    progress: Progress
    detail: str = ""


@dataclass(frozen=True)
class Writer:
    """A lease on a stage.

    Attributes:
        stage: what it may write.
        run_id: of which run.
        process: id of the process on its machine.
        host: name of that machine.
        expires_at: until when it holds unless it is renewed, UTC.
        is_writing: false if the process is gone or its time is over, so that the next run takes over.
    """

    stage: str
    run_id: str
    process: int
    host: str
    expires_at: datetime
    is_writing: bool


@dataclass(frozen=True)
class Freshness:
    """How new the data are; None where there is nothing yet.

    Attributes:
        newest_file_received_at: when the newest file version was first seen, UTC.
        newest_change_run_id: the newest run that changed gold.
        newest_change_at: when that was, UTC.
        as_of: the last day that counts in its numbers.
        newest_discharge_date: the newest discharge in silver that is not in the future.
    """

    newest_file_received_at: datetime | None = None
    newest_change_run_id: str | None = None
    newest_change_at: datetime | None = None
    as_of: date | None = None
    newest_discharge_date: date | None = None


@dataclass(frozen=True)
class FailedFile:
    """A file version that could not be read; tried again in the next run."""

    path: str
    source: str
    received_at: datetime
    reason: str


@dataclass(frozen=True)
class Files:
    """The file versions by their state."""

    received: int = 0
    claimed: int = 0
    done: int = 0
    failed: int = 0


@dataclass(frozen=True)
class RunStatus:
    """A run.

    Attributes:
        run_id: its name.
        started_at: UTC.
        ended_at: UTC; None while it runs, or if it was killed.
        seconds: how long it took; None as above.
        status: running, succeeded or failed.
        is_writing: a process of it holds a stage now.
        message: the sentence that it ended with; empty if it succeeded.
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
    """The quarantined records of one reason, by what became of them."""

    reason_code: str
    open: int
    replayed: int
    dismissed: int


@dataclass(frozen=True)
class Status:
    """How a lake is.

    Attributes:
        lake: where it lies.
        is_synthetic: all its patients are test data; None if gold has not run yet.
        stages: bronze, silver and gold.
        writers: who holds a stage now.
        freshness: how new the data are.
        files: the backlog in numbers.
        failed: the files that could not be read, by path.
        runs: the newest runs, the newest first.
        quarantine: by reason.
        notes: what could not be told, and why.
    """

    lake: str
    is_synthetic: bool | None = None
    stages: tuple[StageStatus, ...] = ()
    writers: tuple[Writer, ...] = ()
    freshness: Freshness = Freshness()
    files: Files = Files()
    failed: tuple[FailedFile, ...] = ()
    runs: tuple[RunStatus, ...] = ()
    quarantine: tuple[Quarantined, ...] = ()
    notes: tuple[str, ...] = ()
