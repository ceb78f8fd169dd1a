"""Records that a batch added to bronze, and how many of them repeat earlier ones."""

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from metriccare.definitions.tables import RECORD
from metriccare.lake.reader import read_table
from metriccare.settings import Lake

TYPE, BATCH = "resource_type", "batch_id"
BODY = ("source", "body_sha256", "last_updated")


def growth(lake: Lake, batch_id: str) -> pd.DataFrame:
    """Count the records of bronze by resource type, one type after the other, so that memory holds only one.

    A record repeats another if source, body and timestamp are the same, whatever the file. It is kept, but changes no
    result. (The timestamp of a deletion may come from its Bundle instead of its own body.)

    Args:
        lake: the lake.
        batch_id: the batch to count.

    Returns:
        One row per `resource_type` (the index), sorted: records in the `batch`, how many of them are `repeated`, and
        `all` records.

    Raises:
        LakeError: bronze has not been written yet.
    """
    types = sorted(read_table(lake, RECORD, [TYPE])[TYPE].unique().to_pylist())
    counted = [
        _counted(read_table(lake, RECORD, [*BODY, BATCH], [(TYPE, "=", one)]), batch_id) for one in types
    ]
    index = pd.Index(types, name=TYPE, dtype=object)
    return pd.DataFrame(counted, index, columns=["batch", "repeated", "all"], dtype="int64")


def _counted(records: pa.Table, batch_id: str) -> tuple[int, int, int]:
    in_batch = pc.equal(records[BATCH], batch_id).cast("int64")
    marked = records.append_column("in_batch", in_batch)
    bodies = marked.group_by(list(BODY)).aggregate([("in_batch", "sum"), ("in_batch", "min")])
    batch, new = (pc.sum(bodies[f"in_batch_{how}"]).as_py() for how in ("sum", "min"))
    return batch, batch - new, records.num_rows
