"""What of a lake's input waits and how old it is: what starts a run, and what alarms look at."""

from datetime import datetime

from metriccare.lake.ledger.model import FileState, Ledger


def waiting(ledger: Ledger) -> int:
    """Return how many files wait.

    One that could not be read does not: bronze tries it again in the next run, and if it started runs itself, the sweep
    after each of them would start the next one, for ever. One that is gone does not either.
    """
    return ledger.counts(FileState.RECEIVED).get(FileState.RECEIVED, 0)


def backlog_age(ledger: Ledger, now: datetime) -> float:
    """Return how many seconds ago the oldest waiting file was received; 0 if none waits."""
    return (now - (ledger.oldest(FileState.RECEIVED) or now)).total_seconds()


def source_ages(ledger: Ledger, now: datetime) -> dict[str, float]:
    """Return by source how many seconds ago its newest file was received."""
    return {name: (now - newest).total_seconds() for name, newest in ledger.newest_by_source().items()}
