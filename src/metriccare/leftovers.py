"""Commits that were begun and never completed, undone before the next commit of their table takes its instant.

Hudi undoes them itself when it starts that commit, but under an instant later than the commit's own. Its reader stops
at a log block that is later than the newest commit, and so the rows of that commit would not be seen
(https://github.com/apache/hudi/pull/12034, mended after 0.15.0).
"""

import json
from collections.abc import Mapping
from typing import Any

from pyspark.sql import SparkSession


def roll_back(spark: SparkSession, path: str, options: Mapping[str, str]) -> None:
    """Undo what a dead writer has begun in a table, if there is anything.

    Args:
        spark: the session.
        path: base path of a table that is there.
        options: those it is written with.
    """
    commits = meta_client(spark, path).getActiveTimeline().getCommitsTimeline()
    if commits.filterPendingExcludingCompaction().empty():
        return
    jvm: Any = spark._jvm
    client = jvm.org.apache.hudi.DataSourceUtils.createHoodieClient(
        spark._jsc, None, path, options["hoodie.table.name"], dict(options)
    )
    try:
        client.rollbackFailedWrites()
    finally:
        client.close()


def meta_client(spark: SparkSession, path: str) -> Any:
    """Return Hudi's client of a table's metadata."""
    jvm: Any = spark._jvm
    configuration: Any = spark._jsc.hadoopConfiguration()
    hudi = jvm.org.apache.hudi
    builder = hudi.common.table.HoodieTableMetaClient.builder()
    settings = hudi.hadoop.fs.HadoopFSUtils.getStorageConf(configuration)
    return builder.setConf(settings).setBasePath(path).build()


def failed_rows(spark: SparkSession, path: str) -> int:
    """Return how many rows the newest commit of a table failed to write: Hudi commits without them and says nothing."""
    commits = meta_client(spark, path).getActiveTimeline().getCommitsTimeline().filterCompletedInstants()
    details = json.loads(bytes(commits.getInstantDetails(commits.lastInstant().get()).get()))
    written = details.get("partitionToWriteStats", {}).values()
    return sum(file.get("totalWriteErrors", 0) for files in written for file in files)
