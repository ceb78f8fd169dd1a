"""The files that wait to be read: what starts a run, and what the backlog's alarm looks at."""

from collections.abc import Sequence
from datetime import datetime

from metriccare.lake.ledger.model import FileState, Ledger


def waiting_since(ledger: Ledger) -> list[datetime]:
    """Return when each file that waits was received.

    One that could not be read does not wait: bronze tries it again in every run, and if it started runs itself, the
    sweep after each of them would start the next one, for ever.
    """
    return [entry.received_at for entry in ledger.files(FileState.RECEIVED)]


def backlog_age(waiting: Sequence[datetime], now: datetime) -> float:
    """Return how many seconds ago the oldest waiting file was received; 0 if none waits."""
    return (now - min(waiting, default=now)).total_seconds()
