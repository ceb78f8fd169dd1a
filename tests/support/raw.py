"""bronze.record of a raw folder, read in this process."""

from datetime import datetime
from pathlib import Path

import pyarrow as pa

from metriccare.bronze import classify
from metriccare.definitions.tables import RECORD
from metriccare.engine.schema import arrow_schema
from metriccare.lake.raw_files import list_files
from metriccare.lake.raw_reader import ranges, texts_of


def read_records(folder: Path, received_at: datetime) -> pa.Table:
    """Return the records of all files below a folder, as of one batch."""
    received = {"received_at": received_at, "batch_id": "batch"}
    parts = ranges(list_files(str(folder)))
    pieces = (
        {"source": part.source, "file": part.path, "file_version": part.file_version, **piece, **received}
        for part in parts
        for text in texts_of(part)
        for piece in classify(text)
    )
    return pa.Table.from_pylist(list(pieces), arrow_schema(RECORD.columns))
