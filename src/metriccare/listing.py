"""Which files the raw zone holds, each as one version of itself. Needs neither Spark nor Arrow."""

import hashlib
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from metriccare.errors import InputError
from metriccare.ledger import FileVersion
from metriccare.settings import DEFAULT_SOURCE

IGNORED_NAMES = frozenset({"truth.json"})  # what the generator planted: the answer, not the input


@dataclass(frozen=True)
class RawFile:
    """One version of one file of the raw zone; a changed size or modification time is another version."""

    path: str
    source: str
    size: int
    modified_ns: int

    @property
    def version(self) -> str:
        """Opaque id of this version: 16 hexadecimal digits."""
        return hashlib.sha256(f"{self.path}|{self.size}|{self.modified_ns}".encode()).hexdigest()[:16]

    @property
    def modified_at(self) -> datetime:
        """When the file was last written, UTC."""
        return datetime.fromtimestamp(self.modified_ns / 1e9, tz=UTC)

    def as_version(self) -> FileVersion:
        """Return what the ledger keeps of it."""
        return FileVersion(self.version, self.path, self.source, self.size)


def list_files(root: str) -> list[RawFile]:
    """Return the files below the raw folder, sorted by path.

    Hidden files and folders (`.x`, `_x`) and `truth.json` are no input.

    Raises:
        InputError: the folder is missing, is a file, or holds no input.
    """
    folder = Path(root)
    if not folder.is_dir():
        raise InputError(f"There is no raw folder {root}: name one with --raw, or run `metriccare generate`.")
    files = [file for path in sorted(folder.rglob("*")) if (file := _listed(path, folder))]
    if not files:
        raise InputError(f"The raw folder {root} holds no files: put NDJSON files (plain or .gz) into it.")
    return files


def _listed(path: Path, folder: Path) -> RawFile | None:
    """Return what lies there if it is input; it may have vanished since its name was read."""
    try:
        return _raw_file(path, path.stat()) if _is_input(path, folder) else None
    except FileNotFoundError:
        return None


def _is_input(path: Path, folder: Path) -> bool:
    hidden = any(part.startswith((".", "_")) for part in path.relative_to(folder).parts)
    return not hidden and path.name not in IGNORED_NAMES and path.is_file()


def _raw_file(path: Path, stat: os.stat_result) -> RawFile:
    return RawFile(str(path), source_of(path), stat.st_size, stat.st_mtime_ns)


def find(wanted: FileVersion) -> RawFile:
    """Return the file of a version, after a look that it can be opened and is still that version.

    Raises:
        InputError: it is gone, may not be read, is no file, or was changed since.
    """
    path = Path(wanted.path)
    try:
        with path.open("rb") as stream:
            found = _raw_file(path, os.fstat(stream.fileno()))
    except FileNotFoundError as problem:
        raise InputError(
            f"{path} vanished before it was read: put it there again if it is to count."
        ) from problem
    except OSError as problem:
        raise InputError(
            f"{path} can't be opened ({problem.strerror}): make it readable, then run again."
        ) from problem
    if found.version != wanted.version:
        raise InputError(f"{path} changed before it was read: its new version is taken by the next run.")
    return found


def source_of(path: Path) -> str:
    """Return `x` of a folder `source=x` in the path, else the default source."""
    names = [part.removeprefix("source=") for part in path.parts if part.startswith("source=")]
    return names[-1] if names else DEFAULT_SOURCE
