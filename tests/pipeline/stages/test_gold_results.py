"""What is counted over all rows is written where it has changed."""

from pathlib import Path

import pyarrow as pa
from pyspark.sql import SparkSession

from metriccare.definitions.tables import COVERAGE
from metriccare.engine.on_spark import from_frame
from metriccare.engine.schema import arrow_schema
from metriccare.lake.tables import SparkLake, TableWriter
from metriccare.pipeline.stages.gold_results import write_if_changed
from metriccare.settings import Lake


def coverage(run_id: str, present: int, fields: tuple[str, ...] = ("a", "b")) -> pa.Table:
    row = {"source": "s", "resource": "Patient", "rows": 4, "present": present, "run_id": run_id}
    rows = [row | {"field": field, "share": present / 4} for field in fields]
    return pa.Table.from_pylist(rows, arrow_schema(COVERAGE.columns))


def test_a_table_is_replaced_by_the_run_that_finds_other_rows(spark: SparkSession, tmp_path: Path) -> None:
    lake = SparkLake(spark, Lake(str(tmp_path)))
    found = []
    for rows in (
        coverage("run-1", 2),
        coverage("run-2", 2, ("b", "a")),
        coverage("run-3", 3),
        coverage("run-4", 3, ("a",)),
        coverage("run-5", 3, ()),
        coverage("run-6", 3, ()),
    ):
        write_if_changed(TableWriter(lake, "run"), COVERAGE, rows)
        there = from_frame(lake.read(COVERAGE), COVERAGE.columns)
        found.append((sorted(set(there["run_id"].to_pylist())), there.num_rows))
    assert found == [(["run-1"], 2), (["run-1"], 2), (["run-3"], 2), (["run-4"], 1), ([], 0), ([], 0)]
