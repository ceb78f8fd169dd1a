"""bronze.record: input records with file, position, time received and batch."""

from collections.abc import Mapping
from datetime import datetime

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from metriccare.definitions.schemas import BRONZE_RECORD
from metriccare.definitions.schemas.contract import conform

_RECEIVED = "file_version STRING, received_at TIMESTAMP"


def records(
    classified: DataFrame, received_at: datetime | Mapping[str, datetime], batch_id: str
) -> DataFrame:
    """Add the time received and the batch to the records of one batch.

    Args:
        classified: one row per record, as the reader of raw files returns them.
        received_at: when each file version was first seen, in UTC, which orders resources without a timestamp; by file
            version, or one instant for all.
        batch_id: the batch.

    Returns:
        One row per input record, accepted or not; key `file_version`, `position`.
    """
    stamped = _stamped(classified, received_at).withColumn("batch_id", F.lit(batch_id))
    return conform(stamped, BRONZE_RECORD)


def _stamped(records: DataFrame, received_at: datetime | Mapping[str, datetime]) -> DataFrame:
    if isinstance(received_at, datetime):
        return records.withColumn("received_at", F.lit(received_at).cast("timestamp"))
    moments = set(received_at.values())
    if len(moments) == 1:
        return _stamped(records, moments.pop())
    known = records.sparkSession.createDataFrame(list(received_at.items()), _RECEIVED)
    return records.join(F.broadcast(known), "file_version", how="left")
