"""What a Python worker of Spark is spared between two tasks."""

import gc
import sys
from collections.abc import Iterable, Iterator
from zipimport import zipimporter

import pyarrow as pa
from pyspark.sql import SparkSession

from metriccare.engine.worker import settle

FOUND = "frozen BOOLEAN, zips INT"


def state() -> tuple[bool, int]:
    """Return whether what the modules have made is left alone, and how many zip files would be read again."""
    zips = [finder for finder in sys.path_importer_cache.values() if isinstance(finder, zipimporter)]
    return gc.get_freeze_count() > 0, len(zips)


def settled(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    for _ in batches:
        settle()
        frozen, zips = state()
        yield pa.RecordBatch.from_pydict({"frozen": [frozen], "zips": pa.array([zips], pa.int32())})


def test_a_task_leaves_a_worker_that_is_ready_for_the_next_one(spark: SparkSession) -> None:
    rows = spark.range(4).repartition(4).mapInArrow(settled, FOUND).collect()
    assert {(row.frozen, row.zips) for row in rows} == {(True, 0)}


def test_another_process_stays_as_it_is() -> None:
    before = state()
    settle()
    assert state() == before
