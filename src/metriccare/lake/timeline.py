"""The Hudi timeline of a table, read from its files without Spark: its commits, and what is unfinished.

Tables are given by their base path. An instant is the name of a commit; instants sort by time. Archived commits are not
on the timeline any more.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from metriccare.definitions.tables import QUARANTINE
from metriccare.lake import storage

COMMIT_META = "metriccare."  # what our own keys in a commit's metadata begin with
_COMMITS = ("commit", "deltacommit", "replacecommit")
_FILE = re.compile(r"(?P<instant>\d{17})(?:\.(?P<action>[a-z]+))?(?:\.(?P<state>requested|inflight))?")


@dataclass(frozen=True)
class Timeline:
    """What happened to a table, and what is still under way.

    Attributes:
        path: base path of the table.
        completed: action by instant, sorted; a compaction has ended as a commit.
        pending: action by instant, sorted, of what has begun and not ended.
    """

    path: str
    completed: Mapping[str, str]
    pending: Mapping[str, str]

    @property
    def commits(self) -> list[str]:
        """The instants of the completed commits."""
        return [instant for instant, action in self.completed.items() if action in _COMMITS]

    @property
    def latest(self) -> str:
        """The instant of the latest completed commit; empty if there is none."""
        return next(reversed(self.commits), "")

    @property
    def latest_change(self) -> str:
        """The instant of the latest commit that may have changed a row: of an upserted table, no compaction."""
        changes = [instant for instant in self.commits if self.completed[instant] != "commit"]
        return next(reversed(changes), self.latest)

    @property
    def unfinished_commits(self) -> list[str]:
        """The instants of commits that have begun and not ended, without compactions."""
        return [instant for instant, action in self.pending.items() if action in _COMMITS]

    @property
    def unfinished_compactions(self) -> list[str]:
        """The instants of compactions that are planned or have begun, and have not ended."""
        return [instant for instant, action in self.pending.items() if action == "compaction"]

    @property
    def has_rollbacks_since_latest(self) -> bool:
        """True if a commit was rolled back since the latest completed one."""
        return any(
            action == "rollback" for instant, action in self.completed.items() if instant > self.latest
        )

    def metadata(self, instant: str) -> dict[str, Any]:
        """Return what a completed commit says of itself."""
        found: dict[str, Any] = json.loads(
            storage.read(f"{self.path}/.hoodie/{instant}.{self.completed[instant]}")
        )
        return found


def read_timeline(path: str) -> Timeline:
    """Return the timeline of a table; an empty one if there is no table.

    Raises:
        StorageError: S3 can't be reached.
    """
    completed: dict[str, str] = {}
    pending: dict[str, str] = {}
    for name in sorted(storage.names(f"{path}/.hoodie")):
        parts = _FILE.fullmatch(name)
        if not parts:
            continue
        is_pending = parts["state"] or parts["action"] in (None, "inflight")
        action = parts["action"] if parts["action"] not in (None, "inflight") else "commit"
        if is_pending:
            pending.setdefault(parts["instant"], action)
        else:
            completed[parts["instant"]] = action
    return Timeline(path, completed, {at: action for at, action in pending.items() if at not in completed})


def commit_of_batch(timeline: Timeline, batch_id: str) -> str | None:
    """Return the instant of the completed commit that carries the batch id, or None if it never completed."""
    for instant in reversed(timeline.commits):
        if timeline.metadata(instant).get("extraMetadata", {}).get(f"{COMMIT_META}batch_id") == batch_id:
            return instant
    return None


@dataclass(frozen=True)
class Commit:
    """What a commit has written.

    Attributes:
        rows: rows inserted, updated and deleted, and those copied from older files.
        size: in bytes.
        quarantined: rows of the partition of quarantined records.
        failed: rows that it left out: Hudi commits without them and reports nothing.
    """

    rows: int
    size: int
    quarantined: int
    failed: int


def latest_written(timeline: Timeline) -> Commit:
    """Return what the latest commit has written, by its own metadata."""
    details = timeline.metadata(timeline.latest)
    partitions: dict[str, list[dict[str, Any]]] = details.get("partitionToWriteStats", {})
    files = [file for written in partitions.values() for file in written]
    refused = [
        one for name, written in partitions.items() if name.endswith(f"={QUARANTINE}") for one in written
    ]
    return Commit(
        rows=_sum(files, "numWrites") + _sum(files, "numDeletes"),
        size=_sum(files, "totalWriteBytes"),
        quarantined=_sum(refused, "numWrites"),
        failed=_sum(files, "totalWriteErrors"),
    )


def _sum(files: Iterable[Mapping[str, Any]], statistic: str) -> int:
    return sum(file.get(statistic, 0) for file in files)
