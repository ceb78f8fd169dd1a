"""bronze.record: pieces of input with where, when and in which batch they came."""

from collections.abc import Mapping
from datetime import datetime

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from metriccare.definitions.schemas import BRONZE_RECORD
from metriccare.definitions.schemas.contract import conform

_RECEIVED = "file_version STRING, received_at TIMESTAMP"


def records(pieces: DataFrame, received_at: datetime | Mapping[str, datetime], batch_id: str) -> DataFrame:
    """Stamp the pieces of one batch.

    Args:
        pieces: one row per piece, as `raw.scan` gives them with `classify`.
        received_at: when a file version was first seen, UTC; orders resources that carry no own stamp. By file
            version, for all of them, or one moment for all.
        batch_id: the batch that takes them.

    Returns:
        One row per piece of input, accepted or not; key `file_version`, `position`.
    """
    stamped = _stamped(pieces, received_at).withColumn("batch_id", F.lit(batch_id))
    return conform(stamped, BRONZE_RECORD)


def _stamped(pieces: DataFrame, received_at: datetime | Mapping[str, datetime]) -> DataFrame:
    if isinstance(received_at, datetime):
        return pieces.withColumn("received_at", F.lit(received_at).cast("timestamp"))
    moments = set(received_at.values())
    if len(moments) == 1:
        return _stamped(pieces, moments.pop())
    known = pieces.sparkSession.createDataFrame(list(received_at.items()), _RECEIVED)
    return pieces.join(F.broadcast(known), "file_version", how="left")
