"""The Hudi timeline of a table: its latest commit, the commit of a batch, the rows of some commits.

Tables are given by their base path. An instant is the name of a commit; instants sort by time.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pyspark.sql import DataFrame, SparkSession

from metriccare.definitions.tables import QUARANTINE

COMMIT_META = "metriccare."  # what our own keys in a commit's metadata begin with


def read_current(spark: SparkSession, path: str) -> DataFrame:
    """Return the current rows of a table, with Hudi's own columns."""
    return spark.read.format("hudi").load(path)


def read_between(spark: SparkSession, path: str, from_instant: str, to_instant: str) -> DataFrame:
    """Return the rows of the commits after one instant up to another (included), with Hudi's own columns."""
    options = {
        "hoodie.datasource.query.type": "incremental",
        "hoodie.datasource.read.begin.instanttime": from_instant,
        "hoodie.datasource.read.end.instanttime": to_instant,
    }
    return spark.read.format("hudi").options(**options).load(path)


def read_until(spark: SparkSession, path: str, to_instant: str, from_instant: str = "") -> DataFrame:
    """Return the rows of the commits up to an instant (included), with Hudi's own columns.

    With `from_instant` only those of later commits; it need not be on the timeline any more.
    """
    rows = read_current(spark, path)
    instant = rows["_hoodie_commit_time"]
    return rows.filter((instant > from_instant) & (instant <= to_instant))


def latest_commit(spark: SparkSession, path: str) -> str:
    """Return the instant of the latest completed commit; empty if there is none."""
    latest = _commits(spark, path).lastInstant()
    return str(latest.get().getTimestamp()) if latest.isPresent() else ""


def has_commit(spark: SparkSession, path: str, instant: str) -> bool:
    """Tell whether a commit can still be read from: Hudi archives old ones, and a table may have been rebuilt."""
    return bool(_commits(spark, path).containsInstant(instant))


def commit_of_batch(spark: SparkSession, path: str, batch_id: str) -> str | None:
    """Return the instant of the completed commit that carries the batch id, or None if it never completed."""
    for instant, meta in _metadata(_commits(spark, path)):
        if meta.get(f"{COMMIT_META}batch_id") == batch_id:
            return instant
    return None


@dataclass(frozen=True)
class Commit:
    """What a commit has written.

    Attributes:
        rows: rows inserted, updated and deleted, and those copied from older files.
        size: in bytes.
        quarantined: rows of the partition of quarantined records.
        failed: rows that it left out: Hudi commits without them and reports nothing.
    """

    rows: int
    size: int
    quarantined: int
    failed: int


def latest_written(spark: SparkSession, path: str) -> Commit:
    """Return what the latest commit has written, by its own metadata."""
    commits = _commits(spark, path)
    details = json.loads(bytes(commits.getInstantDetails(commits.lastInstant().get()).get()))
    partitions: dict[str, list[dict[str, Any]]] = details.get("partitionToWriteStats", {})
    files = [file for written in partitions.values() for file in written]
    refused = [
        one for name, written in partitions.items() if name.endswith(f"={QUARANTINE}") for one in written
    ]
    return Commit(
        rows=_sum(files, "numWrites") + _sum(files, "numDeletes"),
        size=_sum(files, "totalWriteBytes"),
        quarantined=_sum(refused, "numWrites"),
        failed=_sum(files, "totalWriteErrors"),
    )


def _sum(files: Iterable[Mapping[str, Any]], statistic: str) -> int:
    return sum(file.get(statistic, 0) for file in files)


def meta_client(spark: SparkSession, path: str) -> Any:
    """Return Hudi's client of a table's metadata."""
    jvm: Any = spark._jvm
    configuration: Any = spark._jsc.hadoopConfiguration()
    hudi = jvm.org.apache.hudi
    builder = hudi.common.table.HoodieTableMetaClient.builder()
    settings = hudi.hadoop.fs.HadoopFSUtils.getStorageConf(configuration)
    return builder.setConf(settings).setBasePath(path).build()


def _commits(spark: SparkSession, path: str) -> Any:
    """Return Hudi's timeline of the completed commits, without the archived ones."""
    return meta_client(spark, path).getActiveTimeline().getCommitsTimeline().filterCompletedInstants()


def _metadata(timeline: Any) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the instant and the extra metadata of each commit, the latest first."""
    for instant in reversed(list(timeline.getInstants())):
        details = bytes(timeline.getInstantDetails(instant).get())
        yield str(instant.getTimestamp()), json.loads(details).get("extraMetadata", {})
