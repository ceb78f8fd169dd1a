"""An archive of the classes that a session's JVM loads: the next one maps them, instead of reading and checking them.

A session with it starts, and answers its first query, in half the time (JEP 350). The JVM of a run writes the archive
after the run has ended, for the Java, Spark and jars that it has; every later session of these uses it.
"""

import hashlib
import os
import time
import uuid
from collections.abc import Sequence
from pathlib import Path

import pyspark

from metriccare.runtime.java import java_version

FIRST_VERSION = 13  # of Java, which refuses options that it does not know
MAGIC = bytes.fromhex("a8ab0bf0")  # of a dynamic archive; written last
UNUSED_DAYS = 30
TORN_SECONDS = 3600
_DAY = 86_400


def archive_options(folder: Path, java: Path, jars: Sequence[Path], *, is_recorded: bool) -> str:
    """Return the JVM's options: to use the archive; if there is none yet and it is wanted, to write one.

    Args:
        folder: of the archives; unused ones in it are deleted.
        java: home folder of the Java.
        jars: what it has on its class path besides Spark's.
        is_recorded: whether this JVM shall write the archive when it ends.
    """
    if (java_version(java) or 0) < FIRST_VERSION:
        return ""
    name = _name(java, jars)
    archive = folder / f"{name}.jsa"
    try:
        _tidy(folder, name, archive)
        if archive.is_file():
            os.utime(archive)
            return _option("SharedArchiveFile", archive)
        if is_recorded:
            folder.mkdir(parents=True, exist_ok=True)
            return _option("ArchiveClassesAtExit", folder / f"{name}.{uuid.uuid4().hex[:8]}.unfinished")
    except OSError:
        pass  # a folder of others: then without
    return ""


def _name(java: Path, jars: Sequence[Path]) -> str:
    """Return what stands for all that an archive is valid for; a JVM ignores one of another class path anyway."""
    files = [java / "release", *jars]
    stamps = [f"{file} {file.stat().st_mtime_ns}" for file in files if file.is_file()]
    return hashlib.sha256("\n".join([str(java), pyspark.__file__, *stamps]).encode()).hexdigest()[:16]


def _tidy(folder: Path, name: str, archive: Path) -> None:
    """Give a finished archive its name; delete what is torn or not used."""
    now = time.time()
    for file in folder.glob(f"{name}.*.unfinished"):
        if _is_whole(file):
            file.replace(archive)
        elif now - file.stat().st_mtime > TORN_SECONDS:
            file.unlink(missing_ok=True)
    for file in folder.iterdir() if folder.is_dir() else ():
        if now - file.stat().st_mtime > UNUSED_DAYS * _DAY:
            file.unlink(missing_ok=True)


def _is_whole(file: Path) -> bool:
    with file.open("rb") as stream:
        return stream.read(len(MAGIC)) == MAGIC


def _option(name: str, file: Path) -> str:
    return f'"-XX:{name}={file}"'
