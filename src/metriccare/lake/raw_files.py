"""Lists the files of the raw zone, each as one version of itself. Needs neither Spark nor Arrow."""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath, PurePosixPath

from metriccare.errors import GoneError, InputError, StorageError
from metriccare.lake import s3
from metriccare.lake.ledger import FileVersion
from metriccare.settings import DEFAULT_SOURCE, is_s3

IGNORED_NAMES = frozenset({"truth.json"})  # what the generator planted: the answers, not input


@dataclass(frozen=True)
class RawFile:
    """One version of one file of the raw zone; another size or stamp is another version.

    Attributes:
        path: where it is, `s3://bucket/key` on S3.
        source: the feed that it belongs to.
        size: in bytes.
        stamp: the time of its last change in nanoseconds; on S3 the eTag.
    """

    path: str
    source: str
    size: int
    stamp: str

    @property
    def version(self) -> str:
        """Opaque id of this version: 16 hexadecimal digits."""
        return hashlib.sha256(f"{self.path}|{self.size}|{self.stamp}".encode()).hexdigest()[:16]

    def as_version(self) -> FileVersion:
        """Return it as the ledger stores it."""
        return FileVersion(self.version, self.path, self.source, self.size)


def list_files(root: str) -> list[RawFile]:
    """Return the files below the raw folder, sorted by path.

    Hidden files and folders (`.x`, `_x`) and `truth.json` are not input. A folder may have none: before the first
    delivery, or after the last one was archived.

    Raises:
        InputError: the folder is missing, is a file, or a folder in it may not be read.
        StorageError: the bucket can't be listed.
    """
    return _on_s3(root) if is_s3(root) else _on_disk(root)


def no_files(root: str) -> str:
    """Return the sentence on a raw folder without input."""
    return f"The raw folder {root} contains no files: put NDJSON files (plain or .gz) into it."


def _on_s3(root: str) -> list[RawFile]:
    return [
        of_object(found.url, found.size, found.etag)
        for found in s3.list_objects(root)
        if is_input(found.url.removeprefix(root))
    ]


def of_object(url: str, size: int, etag: str) -> RawFile:
    """Return an object as a file version: the same whether it was listed or named by an event."""
    return RawFile(url, source_of(PurePosixPath(url)), size, etag)


def _on_disk(root: str) -> list[RawFile]:
    folder = Path(root)
    if not folder.is_dir():
        raise InputError(f"There is no raw folder {root}: pass one with --raw, or run `metriccare generate`.")
    return [file for path in sorted(_below(folder)) if (file := _listed(path, folder))]


def _below(folder: Path) -> Iterator[Path]:
    """Yield the files of a folder and of all folders below it, each folder once, however many links lead to it.

    Links are followed after all that is really there, so a folder that is there is found under its own name.
    """
    visited: set[tuple[int, int]] = set()
    waiting: list[Path] = [folder]
    while waiting:
        links: list[Path] = []
        for start in waiting:
            yield from _unvisited(start, visited, links)
        waiting = sorted(links)


def _unvisited(start: Path, visited: set[tuple[int, int]], links: list[Path]) -> Iterator[Path]:
    """Yield the files of a folder and of those really below it, but for visited ones; collect the linked folders."""
    for place, folders, names in os.walk(start, onerror=_refuse):
        here = Path(place)
        if not _is_new(here, visited):
            folders.clear()
            continue
        linked = {name for name in folders if (here / name).is_symlink()}
        links.extend(here / name for name in linked if not _is_hidden(name))
        folders[:] = [name for name in folders if name not in linked and not _is_hidden(name)]
        yield from (here / name for name in names)


def _is_new(folder: Path, visited: set[tuple[int, int]]) -> bool:
    try:
        stat = folder.stat()
    except FileNotFoundError:
        return False
    before = len(visited)
    visited.add((stat.st_dev, stat.st_ino))
    return len(visited) > before


def _refuse(problem: OSError) -> None:
    """Stop at a folder that may not be read, since its files would be missed; one that was deleted has none."""
    if not isinstance(problem, FileNotFoundError):
        raise InputError(
            f"The folder {problem.filename} can't be read ({problem.strerror}): make it readable, then run again."
        ) from problem


def _listed(path: Path, folder: Path) -> RawFile | None:
    """Return the file if it is input; it may have been deleted since its name was read."""
    try:
        is_one = is_input(path.relative_to(folder).as_posix()) and path.is_file()
        return _raw_file(path, path.stat()) if is_one else None
    except FileNotFoundError:
        return None


def is_input(name: str) -> bool:
    """Tell whether a path relative to the raw folder is input; one that ends in `/` is a folder."""
    parts = name.strip("/").split("/")
    return not any(map(_is_hidden, parts)) and parts[-1] not in IGNORED_NAMES and not name.endswith("/")


def _is_hidden(name: str) -> bool:
    return name.startswith((".", "_"))


def _raw_file(path: Path, stat: os.stat_result) -> RawFile:
    return RawFile(str(path), source_of(path), stat.st_size, str(stat.st_mtime_ns))


def find(wanted: FileVersion) -> RawFile:
    """Return the file of a version, after checking that it can be opened and is still that version.

    Raises:
        GoneError: it was deleted or overwritten.
        InputError: it may not be read.
    """
    found = _object_at(wanted.path) if is_s3(wanted.path) else _file_at(Path(wanted.path))
    if found.version != wanted.version:
        raise GoneError(f"{wanted.path} changed before it was read: the next run reads its new version.")
    return found


def try_reading(file: RawFile) -> None:
    """Read the first byte of a file: a permission may allow to look at it and not to read it.

    Raises:
        InputError: it can't be read.
    """
    try:
        with (
            s3.open_from(file.path, etag=file.stamp)
            if is_s3(file.path)
            else Path(file.path).open("rb") as stream
        ):
            stream.read(1)
    except (StorageError, OSError) as problem:
        raise InputError(f"{file.path} can't be read: {problem}") from problem


def _object_at(url: str) -> RawFile:
    try:
        found = s3.look(url)
    except s3.AbsentError as problem:
        raise GoneError(_missing(url)) from problem
    except StorageError as problem:
        raise InputError(f"{url} can't be opened: {problem}") from problem
    return of_object(found.url, found.size, found.etag)


def _file_at(path: Path) -> RawFile:
    try:
        with path.open("rb") as stream:
            return _raw_file(path, os.fstat(stream.fileno()))
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as problem:
        raise GoneError(_missing(str(path))) from problem
    except OSError as problem:
        raise InputError(
            f"{path} can't be opened ({problem.strerror}): make it readable, then run again."
        ) from problem


def _missing(path: str) -> str:
    return f"{path} was deleted before it was read: put it back if it should count."


def source_of(path: PurePath) -> str:
    """Return `x` if a folder `source=x` is in the path, else the default source."""
    names = [part.removeprefix("source=") for part in path.parts if part.startswith("source=")]
    return names[-1] if names else DEFAULT_SOURCE
