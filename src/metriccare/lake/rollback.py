"""Rolls back commits that were begun and never completed, before the next commit of their table takes its instant.

Hudi rolls them back itself when it starts that commit, but under an instant later than the commit's own. Its reader
stops at a log block that is later than the latest commit, so that it would miss the rows of that commit
(https://github.com/apache/hudi/pull/12034, fixed after 0.15.0).

When one task of a bulk insert fails, Hudi rolls the commit back at once, while its other tasks still write. Their files
stay, and the reader takes a file for committed if its instant is older than everything on the timeline: at once if it
was the table's first commit that failed, otherwise as soon as Hudi has archived the commits before it. So these files
are deleted as well.
"""

import logging
from collections.abc import Mapping
from typing import Any

from pyspark.sql import SparkSession

from metriccare.lake.timeline import meta_client
from metriccare.runtime.notebooks.idle import wait_until_idle

log = logging.getLogger(__name__)


def rollback_failed_writes(spark: SparkSession, path: str, options: Mapping[str, str]) -> None:
    """Roll back what a killed or failed writer left unfinished in a table, if anything.

    Args:
        spark: the session.
        path: base path of a table that exists.
        options: the options the table is written with.
    """
    table = meta_client(spark, path)
    commits = table.getActiveTimeline().getCommitsTimeline()
    if not commits.filterPendingExcludingCompaction().empty():
        log.warning("roll back failed writes", extra={"table": options["hoodie.table.name"]})
        _roll_back(spark, path, options)
        table.reloadActiveTimeline()
    rolled_back = _rolled_back(spark, table.getActiveTimeline())
    if rolled_back:
        wait_until_idle(is_interrupted=False)  # running tasks would write more files
        for instant in rolled_back:
            _delete_files(spark, path, instant)


def _roll_back(spark: SparkSession, path: str, options: Mapping[str, str]) -> None:
    jvm: Any = spark._jvm
    client = jvm.org.apache.hudi.DataSourceUtils.createHoodieClient(
        spark._jsc, None, path, options["hoodie.table.name"], dict(options)
    )
    try:
        client.rollbackFailedWrites()
    finally:
        client.close()


def _rolled_back(spark: SparkSession, timeline: Any) -> list[str]:
    """Return the instants that were rolled back since the latest commit; not a compaction that was resumed."""
    jvm: Any = spark._jvm
    latest = timeline.getCommitsTimeline().filterCompletedInstants().lastInstant()
    rollbacks = timeline.getRollbackTimeline().filterCompletedInstants()
    if latest.isPresent():
        rollbacks = rollbacks.findInstantsAfter(latest.get().getTimestamp())
    read = jvm.org.apache.hudi.common.table.timeline.TimelineMetadataUtils.deserializeHoodieRollbackMetadata
    found = [read(timeline.getInstantDetails(one).get()) for one in rollbacks.getInstants()]
    instants = (str(instant) for rollback in found for instant in rollback.getCommitsRollback().toArray())
    return [instant for instant in instants if not timeline.containsInstant(instant)]


def _delete_files(spark: SparkSession, path: str, instant: str) -> None:
    """Delete the data files of an instant, in the table's folder and its partitions, and its markers."""
    jvm: Any = spark._jvm
    configuration: Any = spark._jsc.hadoopConfiguration()
    folder = jvm.org.apache.hadoop.fs.Path(path)
    files = folder.getFileSystem(configuration)
    names = f"{{*_{instant}.parquet,.*_{instant}.log.*}}"
    for pattern in (names, f"*/{names}"):
        for found in files.globStatus(jvm.org.apache.hadoop.fs.Path(folder, pattern)):
            files.delete(found.getPath(), False)
    files.delete(jvm.org.apache.hadoop.fs.Path(folder, f".hoodie/.temp/{instant}"), True)
