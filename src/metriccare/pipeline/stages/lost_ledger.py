"""The files in a lost ledger, from what bronze holds: so that no file is read twice."""

import logging
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from metriccare.definitions.tables import RECORD
from metriccare.lake.ledger import FileVersion
from metriccare.lake.reader import read_parts
from metriccare.pipeline.stage_writer import StageWriter
from metriccare.settings import is_s3

log = logging.getLogger(__name__)

_READ = ("file_version", "file", "source", "received_at", "batch_id")


def restore_files(writer: StageWriter) -> list[str]:
    """Enter into an empty ledger the files whose records are in bronze, as done; return a sentence if there were any.

    A file without records, such as an empty one, is not in bronze: it is read again, which changes nothing. What people
    said of quarantined records is lost with the ledger.
    """
    if any(writer.ledger.counts().values()) or not writer.lake.has(RECORD):
        return []
    found = _files(writer)
    for (batch_id, received_at), files in found.items():
        writer.ledger.register(list(files), received_at)
        writer.ledger.claim(writer.stage.lease, batch_id, [file.version for file in files])
        writer.ledger.finish(writer.stage.lease, batch_id)
    count = sum(map(len, found.values()))
    log.warning("restore ledger", extra={"files": count})
    return [
        f"The ledger was lost: {count:,} files are entered as read again, from what bronze holds. Records that were "
        "dismissed are open again."
    ]


def _files(writer: StageWriter) -> dict[tuple[str, datetime], set[FileVersion]]:
    """Return the file versions by batch and time of receipt."""
    found: defaultdict[tuple[str, datetime], set[FileVersion]] = defaultdict(set)
    for batch_id, received_at, file in set(_rows(writer)):
        found[batch_id, received_at].add(file)
    return dict(sorted(found.items()))


def _rows(writer: StageWriter) -> Iterator[tuple[str, datetime, FileVersion]]:
    known: dict[tuple[object, ...], tuple[str, datetime, FileVersion]] = {}
    for part in read_parts(writer.lake.location, RECORD, _READ):
        for row in part.group_by(list(_READ)).aggregate([]).to_pylist():
            key = tuple(row[name] for name in _READ)
            if key not in known:
                size = _size(row["file"])
                file = FileVersion(row["file_version"], row["file"], row["source"], size)
                known[key] = row["batch_id"], row["received_at"].astimezone(UTC), file
    yield from known.values()


def _size(path: str) -> int:
    """Return the size of a file as it is now; 0 of one that is not there, or on S3."""
    return 0 if is_s3(path) or not Path(path).is_file() else Path(path).stat().st_size
