"""By how much a batch made bronze grow, and how much of that repeats what was known."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F


def growth(records: DataFrame, batch_id: str) -> DataFrame:
    """Count the records by resource type.

    A record repeats another if its source, body and stamp are the same, whatever file it lies in. Such a record is
    kept, and changes no number. (A deletion may have its stamp from the Bundle, not from its own body.)

    Args:
        records: bronze.record.
        batch_id: the batch that is looked at.

    Returns:
        One row per `resource_type`, in its order: records in the `batch`, those of them that are `repeated`, and
        `all` records.
    """
    in_batch = (F.col("batch_id") == batch_id).cast("int")
    bodies = records.groupBy("resource_type", "source", "body_sha256", "last_updated").agg(
        F.sum(in_batch).alias("batch"), F.min(in_batch).alias("new"), F.count(F.lit(1)).alias("all")
    )
    counted = bodies.groupBy("resource_type").agg(
        F.sum("batch").alias("batch"), F.sum("new").alias("new"), F.sum("all").alias("all")
    )
    repeated = (F.col("batch") - F.col("new")).alias("repeated")
    return counted.select("resource_type", "batch", repeated, "all").orderBy("resource_type")
