"""Records that a batch added to bronze, and how many of them repeat earlier ones."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F


def growth(records: DataFrame, batch_id: str) -> DataFrame:
    """Count the records by resource type.

    A record repeats another if source, body and timestamp are the same, whatever the file. It is kept, but changes no
    result. (The timestamp of a deletion may come from its Bundle instead of its own body.)

    Args:
        records: bronze.record.
        batch_id: the batch to count.

    Returns:
        One row per `resource_type`, sorted: records in the `batch`, how many of them are `repeated`, and `all` records.
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
