"""Commits that were begun and never completed, undone before the next commit of their table takes its instant.

Hudi undoes them itself when it starts that commit, but under an instant later than the commit's own. Its reader stops
at a log block that is later than the newest commit, and so the rows of that commit would not be seen
(https://github.com/apache/hudi/pull/12034, mended after 0.15.0).

A bulk insert that fails in one task is undone by Hudi at once, while its other tasks still write. Their files stay, and
its reader takes a file for committed whose instant is older than all that the timeline still has: at once where the
table's first commit failed, else after Hudi has archived what came before. So these files are deleted as well.
"""

import json
from collections.abc import Mapping
from typing import Any

from pyspark.sql import SparkSession

from metriccare.runtime.notebooks.idle import wait_until_idle


def undo(spark: SparkSession, path: str, options: Mapping[str, str]) -> None:
    """Undo what a dead or failed writer has begun in a table, if there is anything.

    Args:
        spark: the session.
        path: base path of a table that is there.
        options: those it is written with.
    """
    table = meta_client(spark, path)
    commits = table.getActiveTimeline().getCommitsTimeline()
    if not commits.filterPendingExcludingCompaction().empty():
        _roll_back(spark, path, options)
        table.reloadActiveTimeline()
    undone = _undone(spark, table.getActiveTimeline())
    if undone:
        wait_until_idle(is_interrupted=False)  # running tasks would write more files
        for instant in undone:
            _delete(spark, path, instant)


def _roll_back(spark: SparkSession, path: str, options: Mapping[str, str]) -> None:
    jvm: Any = spark._jvm
    client = jvm.org.apache.hudi.DataSourceUtils.createHoodieClient(
        spark._jsc, None, path, options["hoodie.table.name"], dict(options)
    )
    try:
        client.rollbackFailedWrites()
    finally:
        client.close()


def _undone(spark: SparkSession, timeline: Any) -> list[str]:
    """Return the instants that were rolled back since the newest commit; not a compaction that was taken up again."""
    jvm: Any = spark._jvm
    newest = timeline.getCommitsTimeline().filterCompletedInstants().lastInstant()
    rollbacks = timeline.getRollbackTimeline().filterCompletedInstants()
    if newest.isPresent():
        rollbacks = rollbacks.findInstantsAfter(newest.get().getTimestamp())
    read = jvm.org.apache.hudi.common.table.timeline.TimelineMetadataUtils.deserializeHoodieRollbackMetadata
    found = [read(timeline.getInstantDetails(one).get()) for one in rollbacks.getInstants()]
    instants = (str(instant) for rollback in found for instant in rollback.getCommitsRollback().toArray())
    return [instant for instant in instants if not timeline.containsInstant(instant)]


def _delete(spark: SparkSession, path: str, instant: str) -> None:
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
