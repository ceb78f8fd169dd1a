"""Lists the files of the raw zone, each as one version of itself. Needs neither Spark nor Arrow."""

import hashlib
import os
from dataclasses import dataclass, field
from pathlib import Path, PurePath, PurePosixPath

from metriccare.errors import GoneError, InputError, StorageError
from metriccare.lake import raw_folder, s3
from metriccare.lake.ledger import FileVersion
from metriccare.lake.raw_folder import shown
from metriccare.settings import DEFAULT_SOURCE, is_s3

SOURCE = "source="  # a folder of this name, with a source's name behind it
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


@dataclass(frozen=True)
class Listing:
    """The raw folder as it is now.

    Attributes:
        files: what is input, sorted by path.
        refused: a sentence for each file or folder that is not read for where it is or how it is called, the same in
            every run until somebody renames or moves it.
    """

    files: list[RawFile] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def list_raw(root: str) -> Listing:
    """Look through the raw folder.

    Hidden files and folders (`.x`, `_x`) and `truth.json` are not input. A folder may have none: before the first
    delivery, or after the last one was archived.

    Raises:
        InputError: the folder is missing, is a file, or a folder in it may not be read.
        StorageError: the bucket can't be listed.
    """
    return _on_s3(root) if is_s3(root) else _on_disk(root)


def list_files(root: str) -> list[RawFile]:
    """Return the files of `list_raw`."""
    return list_raw(root).files


def no_files(root: str) -> str:
    """Return the sentence on a raw folder without input."""
    return f"The raw folder {root} contains no files: put NDJSON files (plain or .gz) into it."


def _on_s3(root: str) -> Listing:
    listing = Listing()
    for found in s3.list_objects(root):
        name = found.url.removeprefix(root)
        if is_input(name) and _is_accepted(name, found.url, listing):
            listing.files.append(of_object(found.url, found.size, found.etag))
    return listing


def of_object(url: str, size: int, etag: str) -> RawFile:
    """Return an object as a file version: the same whether it was listed or named by an event."""
    return RawFile(url, source_of(PurePosixPath(url)), size, etag)


def _on_disk(root: str) -> Listing:
    folder = Path(root)
    if not folder.is_dir():
        raise InputError(f"There is no raw folder {root}: pass one with --raw, or run `metriccare generate`.")
    listing = Listing()
    for path in sorted(raw_folder.files(folder, is_hidden, listing.refused.append)):
        name = path.relative_to(folder).as_posix()
        if is_input(name) and _is_accepted(name, str(path), listing) and (file := _listed(path)):
            listing.files.append(file)
    return listing


def _is_accepted(name: str, place: str, listing: Listing) -> bool:
    """Tell whether a file is read by its name, which is relative to the raw folder; else the listing says why not."""
    if why := why_refused(name):
        listing.refused.append(f"{shown(place)} is not read: {why}")
    return not why


def _listed(path: Path) -> RawFile | None:
    """Return the file, which may be something else, or may have been deleted since its name was read."""
    try:
        return _raw_file(path, path.stat()) if path.is_file() else None
    except FileNotFoundError:
        return None


def why_refused(name: str) -> str:
    """Return why no file of this name, relative to the raw folder, is read; empty if it is."""
    if any(
        part.startswith(SOURCE) and not part.removeprefix(SOURCE).strip() for part in name.split("/")[:-1]
    ):
        return f"a folder is called `{SOURCE}` without a source's name. Name it, such as `{SOURCE}north`."
    try:
        name.encode()
    except UnicodeEncodeError:
        return "its name is not UTF-8. Rename it."
    return ""


def is_input(name: str) -> bool:
    """Tell whether a path relative to the raw folder is input; one that ends in `/` is a folder."""
    parts = name.strip("/").split("/")
    return not any(map(is_hidden, parts)) and parts[-1] not in IGNORED_NAMES and not name.endswith("/")


def is_hidden(name: str) -> bool:
    """Tell whether a file or folder of this name is no input, nor what is in it."""
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
    names = [part.removeprefix(SOURCE) for part in path.parent.parts if part.startswith(SOURCE)]
    return names[-1] if names else DEFAULT_SOURCE
