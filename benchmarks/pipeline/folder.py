"""What a command wrote into a folder: the files that are new or changed, and their bytes."""

from pathlib import Path
from typing import NamedTuple

Snapshot = dict[Path, tuple[int, int, int]]  # size, modification time, inode


class Written(NamedTuple):
    """What is new in a folder.

    Attributes:
        bytes: of new and of replaced files the whole size, of one that has grown in place the growth.
        files: how many are new or changed.
    """

    bytes: int
    files: int


def snapshot(folder: Path) -> Snapshot:
    """Return the files of a folder; none if it is not there. Checksums of the local file system are none."""
    found = {}
    for path in folder.rglob("*"):
        if path.suffix != ".crc" and path.is_file():
            stat = path.stat()
            found[path] = stat.st_size, stat.st_mtime_ns, stat.st_ino
    return found


def written(before: Snapshot, after: Snapshot) -> Written:
    """Return what was written between two snapshots.

    A file that was written and deleted in between, and bytes that were written over, are not seen.
    """
    changed = {path: now for path, now in after.items() if before.get(path) != now}
    return Written(sum(_size(before.get(path), now) for path, now in changed.items()), len(changed))


def _size(before: tuple[int, int, int] | None, now: tuple[int, int, int]) -> int:
    has_grown = before is not None and before[2] == now[2] and now[0] > before[0]
    return now[0] - before[0] if before is not None and has_grown else now[0]
