"""Quarantined records that were replayed, derived from bronze alone, so that no record is counted twice."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from metriccare.definitions.tables import QUARANTINE, RECORD

REPLAY = "replay-"  # prefix of the batch id of a replay
KEY = RECORD.key


def replayed(records: DataFrame) -> DataFrame:
    """Return the quarantined records that a replay has replaced.

    The replacement is an accepted record at the same position or, for a Bundle, its entries, accepted or not.

    Args:
        records: rows of bronze.record.

    Returns:
        One row per quarantined record that was replayed: `file_version`, `position`, `batch_id` of the replay.
    """
    of_replays = records.filter(F.col("batch_id").startswith(REPLAY))
    accepted = of_replays.filter(F.col("resource_type") != QUARANTINE).select(*KEY, "batch_id")
    entries = of_replays.filter(F.col("position").contains("/"))
    inner = entries.select("file_version", F.explode(_around()).alias("position"), "batch_id")
    claimed = accepted.unionByName(inner).groupBy(*KEY).agg(F.min("batch_id").alias("batch_id"))
    quarantined = records.filter(F.col("resource_type") == QUARANTINE).select(*KEY).distinct()
    return quarantined.join(claimed, list(KEY), how="inner")


def replaced(records: DataFrame) -> dict[str, int]:
    """Return how many quarantined records a replay has replaced, by the reason why they were refused.

    Args:
        records: rows of bronze.record.
    """
    refused = records.filter(F.col("resource_type") == QUARANTINE)
    gone = refused.join(replayed(records), list(KEY), how="left_semi")
    return {row["reason_code"]: row["count"] for row in gone.groupBy("reason_code").count().collect()}


def _around() -> Column:
    """Return the positions of the Bundles around an entry: `7` and `7/entry[0]` for `7/entry[0]/entry[2]`."""
    parts = F.split("position", "/")
    depths = F.sequence(F.lit(1), F.size(parts) - 1)
    return F.transform(depths, lambda depth: F.array_join(F.slice(parts, F.lit(1), depth), "/"))
