"""Records that a batch added to bronze, and how many of them repeat earlier ones."""

import pandas as pd

from metriccare.definitions.tables import RECORD
from metriccare.lake.reader import read_parts
from metriccare.settings import Lake

TYPE, BATCH = "resource_type", "batch_id"
COLUMNS = (TYPE, "source", "body_sha256", "last_updated")  # by which a record repeats another
_READ = ", ".join(f"{name} STRING" for name in COLUMNS)
_COUNT = """
    WITH body AS (
        SELECT DISTINCT * FROM batch
    ), known AS (
        SELECT body.* FROM body
        SEMI JOIN other ON other.source IS NOT DISTINCT FROM body.source
            AND other.resource_type = body.resource_type
            AND other.body_sha256 IS NOT DISTINCT FROM body.body_sha256
            AND other.last_updated IS NOT DISTINCT FROM body.last_updated
    ), counted AS (
        SELECT resource_type, 1 AS in_batch, 0 AS new FROM batch
        UNION ALL SELECT resource_type, 0, 0 FROM other
        UNION ALL SELECT resource_type, NULL, 1 FROM body
        UNION ALL SELECT resource_type, NULL, -1 FROM known
    )
    SELECT resource_type, sum(in_batch) AS batch, sum(in_batch) - sum(new) AS repeated, count(in_batch) AS "all"
    FROM counted GROUP BY resource_type
"""


def growth(lake: Lake, batch_id: str) -> pd.DataFrame:
    """Count the records of bronze by resource type.

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
    from metriccare.engine import Program, Reference, Step  # what runs have, and what only reads does without
    from metriccare.engine.here import Parts, run_here

    counts = f"{TYPE} STRING, batch BIGINT, repeated BIGINT, all BIGINT"
    program = Program({"batch": _READ, "other": _READ}, (Step("growth", _COUNT),), {"growth": counts})
    inputs = [
        Parts("batch", read_parts(lake, RECORD, COLUMNS, [(BATCH, "=", batch_id)])),
        Parts("other", read_parts(lake, RECORD, COLUMNS, [(BATCH, "!=", batch_id)])),
    ]
    found: pd.DataFrame = run_here(program, inputs, Reference())["growth"].to_pandas()
    return found.set_index(TYPE).sort_index()
