"""One quarantined record, without its text."""

from dataclasses import dataclass
from datetime import datetime

from metriccare.lake.ledger import QuarantineState


@dataclass(frozen=True)
class Record:
    """One input record that bronze could not take.

    Attributes:
        file_version: of the file that it came in.
        position: a byte offset in the file, or the path of an entry of a Bundle.
        source: the feed.
        file: the path of the file.
        reason_code: why it was refused.
        reason: the reason as a sentence.
        received_at: when the file was first seen, UTC.
        batch_id: the batch that took it.
        state: open, replayed or dismissed.
        state_reason: why it is in this state; empty for an open one.
        changed_at: since when, UTC; None for an open one.
    """

    file_version: str
    position: str
    source: str
    file: str
    reason_code: str
    reason: str
    received_at: datetime
    batch_id: str
    state: QuarantineState = QuarantineState.OPEN
    state_reason: str = ""
    changed_at: datetime | None = None

    @property
    def key(self) -> tuple[str, str]:
        """Return file version and position, the key of the record in bronze."""
        return self.file_version, self.position

    @property
    def id(self) -> str:
        """Return the id that users see: `<file version>:<position>`."""
        return f"{self.file_version}:{self.position}"

    @property
    def order(self) -> tuple[float, str, str, int, str]:
        """Sort by time of receipt, the newest first, then by file, version and offset."""
        offset = self.position.partition("/")[0]
        at = int(offset) if offset.isdigit() else 0
        return -self.received_at.timestamp(), self.file, self.file_version, at, self.position
