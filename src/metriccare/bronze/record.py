"""bronze.record: pieces of input with where, when and in which batch they came."""

from datetime import datetime

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from metriccare.schemas import BRONZE_RECORD, conform


def records(pieces: DataFrame, received_at: datetime, batch_id: str) -> DataFrame:
    """Stamp the pieces of one delivery.

    Args:
        pieces: one row per piece, as `raw.scan` gives them with `classify`.
        received_at: when the delivery was first received, UTC; orders resources that carry no own stamp.
        batch_id: the run that takes them.

    Returns:
        One row per piece of input, accepted or not; key `file_version`, `position`.
    """
    stamped = pieces.withColumn("received_at", F.lit(received_at).cast("timestamp"))
    return conform(stamped.withColumn("batch_id", F.lit(batch_id)), BRONZE_RECORD)
