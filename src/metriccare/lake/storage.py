"""The tables and files of a lake, on disk or S3, without Spark."""

import os
from pathlib import Path

from metriccare.definitions.tables import Table
from metriccare.errors import LakeError
from metriccare.lake import s3
from metriccare.settings import Lake, is_s3

PROPERTIES = ".hoodie/hoodie.properties"  # every Hudi table has this file


def has_table(lake: Lake, table: Table) -> bool:
    """Return whether a table has been written.

    Raises:
        StorageError: S3 can't be reached.
    """
    return exists(f"{table.path(lake.root)}/{PROPERTIES}")


def exists(location: str) -> bool:
    """Return whether a file or an object exists.

    Raises:
        StorageError: S3 can't be reached.
    """
    return s3.exists(location) if is_s3(location) else Path(location).is_file()


def read(location: str) -> bytes:
    """Return the content of a file or an object.

    Raises:
        OSError: the file can't be read.
        StorageError: the object can't be.
    """
    return s3.read(location) if is_s3(location) else Path(location).read_bytes()


def write(location: str, content: bytes) -> None:
    """Write a file or an object as a whole: a reader sees the old content or the new one.

    Raises:
        OSError: the file can't be written.
        StorageError: the object can't be.
    """
    if is_s3(location):
        s3.write(location, content)
        return
    path = Path(location)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        unfinished.write_bytes(content)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def sibling(location: str, name: str) -> str:
    """Return the location of another file in the folder of this one."""
    if is_s3(location):
        return f"{location.rpartition('/')[0]}/{name}"
    return str(Path(location).parent / name)


def local_folder(lake: Lake, what: str) -> Path:
    """Return the lake's folder, for what is only possible on a disk.

    Raises:
        LakeError: the lake is on S3.
    """
    if "://" in lake.root:
        raise LakeError(f"The lake {lake.root} is not on a local disk: {what}.")
    return Path(lake.root)


def names(location: str) -> list[str]:
    """Return the names of the files in a folder, or of the objects right below a prefix; none if it does not exist.

    Raises:
        StorageError: S3 can't be reached.
    """
    if is_s3(location):
        below = f"{location.rstrip('/')}/"
        found = (one.url.removeprefix(below) for one in s3.list_objects(location))
        return [name for name in found if "/" not in name]
    folder = Path(location)
    return [path.name for path in folder.iterdir()] if folder.is_dir() else []
