"""Compaction: writes the rows of a table's log files into its Parquet files, when the numbers are out."""

from typing import Any

from pyspark.sql import SparkSession


def run_compaction(spark: SparkSession, client: Any, instant: str) -> None:
    """Do a compaction that is planned, or was interrupted.

    Args:
        spark: the session.
        client: of the table.
        instant: of the compaction.
    """
    metadata = client.compact(instant).getCommitMetadata()
    client.commitCompaction(instant, metadata.get(), _no_option(spark))


def plan_compaction(spark: SparkSession, client: Any) -> str:
    """Plan a compaction of all log files, and return its instant; empty if there is nothing to do."""
    planned = client.scheduleCompaction(_no_option(spark))
    return str(planned.get()) if planned.isPresent() else ""


def _no_option(spark: SparkSession) -> Any:
    jvm: Any = spark._jvm
    return jvm.org.apache.hudi.common.util.Option.empty()
