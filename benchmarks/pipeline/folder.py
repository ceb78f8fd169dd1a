"""What a command wrote to a folder: the new and changed files, and their bytes."""

from pathlib import Path
from typing import NamedTuple

Snapshot = dict[Path, tuple[int, int, int]]  # size, modification time, inode


class Written(NamedTuple):
    """The new and changed files of a folder.

    Attributes:
        bytes: the size of new and replaced files, and the growth of files that were appended to.
        files: the number of new or changed files.
    """

    bytes: int
    files: int


def snapshot(folder: Path) -> Snapshot:
    """Return the files of a folder, without the local file system's checksums; empty if there is no folder."""
    found = {}
    for path in folder.rglob("*"):
        if path.suffix != ".crc" and path.is_file():
            stat = path.stat()
            found[path] = stat.st_size, stat.st_mtime_ns, stat.st_ino
    return found


def written(before: Snapshot, after: Snapshot) -> Written:
    """Return what was written between two snapshots.

    Files that were written and deleted in between, and bytes that were overwritten, are not counted.
    """
    changed = {path: now for path, now in after.items() if before.get(path) != now}
    return Written(sum(_size(before.get(path), now) for path, now in changed.items()), len(changed))


def _size(before: tuple[int, int, int] | None, now: tuple[int, int, int]) -> int:
    has_grown = before is not None and before[2] == now[2] and now[0] > before[0]
    return now[0] - before[0] if before is not None and has_grown else now[0]
