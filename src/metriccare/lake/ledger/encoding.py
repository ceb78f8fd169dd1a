"""What both implementations of the ledger do with times, long lists and claimed files."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

from metriccare.lake.ledger.model import FileEntry, FileState

UNREAD = (
    FileState.RECEIVED,
    FileState.CLAIMED,
    FileState.FAILED,
)  # what may still fail, or turn out to be gone


def to_iso(moment: datetime) -> str:
    """Return a time as ISO text in UTC, which sorts by time."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def from_iso(text: str) -> datetime:
    """Return the time of an ISO text."""
    return datetime.fromisoformat(text)


def pages(values: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    """Yield the values in order, at most `size` at a time."""
    return (values[at : at + size] for at in range(0, len(values), size))


def by_batch(claimed: Iterable[FileEntry]) -> dict[str, list[FileEntry]]:
    """Return the claimed files by the batch that claimed them."""
    batches: dict[str, list[FileEntry]] = {}
    for entry in claimed:
        batches.setdefault(entry.batch_id, []).append(entry)
    return batches
