"""Recovers a table before the next commit: rolls back commits that were begun and never completed, ends a compaction.

Hudi rolls them back itself when it starts that commit, but under an instant later than the commit's own. Its reader
stops at a log block that is later than the latest commit, so that it would miss the rows of that commit
(https://github.com/apache/hudi/pull/12034, fixed after 0.15.0).

When one task of a bulk insert fails, Hudi rolls the commit back at once, while its other tasks still write. Their files
stay, and the reader takes a file for committed if its instant is older than everything on the timeline: at once if it
was the table's first commit that failed, otherwise as soon as Hudi has archived the commits before it. So these files
are deleted as well.

The reader without a JVM misses rows that were written after a compaction was planned, until that has ended. So one that
was interrupted is ended first.
"""

import logging
from collections.abc import Mapping
from typing import Any

from pyspark.sql import SparkSession

from metriccare.lake.compaction import run_compaction
from metriccare.lake.hudi_client import hudi_client
from metriccare.lake.timeline import Timeline, read_timeline
from metriccare.runtime.notebooks.idle import wait_until_idle

log = logging.getLogger(__name__)


def recover(spark: SparkSession, timeline: Timeline, options: Mapping[str, str]) -> None:
    """Roll back what a killed or failed writer left unfinished in a table, and end its compaction, if anything.

    Args:
        spark: the session.
        timeline: of the table, as it is now; an empty one if it does not exist.
        options: the options the table is written with.
    """
    about = {"table": options["hoodie.table.name"]}
    if timeline.unfinished_commits:
        log.warning("roll back failed writes", extra=about)
        with hudi_client(spark, timeline.path, options) as client:
            client.rollbackFailedWrites()
        timeline = read_timeline(timeline.path)
    if timeline.has_rollbacks_since_latest:
        _delete_rolled_back(spark, timeline.path)
    for instant in timeline.unfinished_compactions:
        log.warning("end compaction", extra=about)
        _delete_files(spark, timeline.path, f"*_{instant}.parquet")  # it writes others
        with hudi_client(spark, timeline.path, options) as client:
            run_compaction(spark, client, instant)


def _delete_rolled_back(spark: SparkSession, path: str) -> None:
    rolled_back = _rolled_back(spark, path)
    if rolled_back:
        wait_until_idle(is_interrupted=False)  # running tasks would write more files
        for instant in rolled_back:
            _delete_files(spark, path, f"{{*_{instant}.parquet,.*_{instant}.log.*}}")
            _delete_markers(spark, path, instant)


def _rolled_back(spark: SparkSession, path: str) -> list[str]:
    """Return the instants that were rolled back since the latest commit; not a compaction that was resumed."""
    jvm: Any = spark._jvm
    timeline = _active_timeline(spark, path)
    latest = timeline.getCommitsTimeline().filterCompletedInstants().lastInstant()
    rollbacks = timeline.getRollbackTimeline().filterCompletedInstants()
    if latest.isPresent():
        rollbacks = rollbacks.findInstantsAfter(latest.get().getTimestamp())
    read = jvm.org.apache.hudi.common.table.timeline.TimelineMetadataUtils.deserializeHoodieRollbackMetadata
    found = [read(timeline.getInstantDetails(one).get()) for one in rollbacks.getInstants()]
    instants = (str(instant) for rollback in found for instant in rollback.getCommitsRollback().toArray())
    return [instant for instant in instants if not timeline.containsInstant(instant)]


def _active_timeline(spark: SparkSession, path: str) -> Any:
    jvm: Any = spark._jvm
    configuration: Any = spark._jsc.hadoopConfiguration()
    hudi = jvm.org.apache.hudi
    builder = hudi.common.table.HoodieTableMetaClient.builder()
    settings = hudi.hadoop.fs.HadoopFSUtils.getStorageConf(configuration)
    return builder.setConf(settings).setBasePath(path).build().getActiveTimeline()


def _delete_files(spark: SparkSession, path: str, names: str) -> None:
    """Delete data files in the table's folder and its partitions."""
    folder, files = _folder(spark, path)
    jvm: Any = spark._jvm
    for pattern in (names, f"*/{names}"):
        for found in files.globStatus(jvm.org.apache.hadoop.fs.Path(folder, pattern)):
            files.delete(found.getPath(), False)


def _delete_markers(spark: SparkSession, path: str, instant: str) -> None:
    folder, files = _folder(spark, path)
    jvm: Any = spark._jvm
    files.delete(jvm.org.apache.hadoop.fs.Path(folder, f".hoodie/.temp/{instant}"), True)


def _folder(spark: SparkSession, path: str) -> tuple[Any, Any]:
    """Return a folder as Hadoop knows it, and its file system."""
    jvm: Any = spark._jvm
    configuration: Any = spark._jsc.hadoopConfiguration()
    folder = jvm.org.apache.hadoop.fs.Path(path)
    return folder, folder.getFileSystem(configuration)
