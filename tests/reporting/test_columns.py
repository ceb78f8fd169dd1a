"""The columns of a table are printed as Spark prints them."""

from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from metriccare.definitions.tables import (
    MEASURE_PUBLISHED,
    PATIENT_DAY,
    RECORD,
    RUN,
    STAY,
    STAY_MEASURE,
    Table,
)
from metriccare.errors import LakeError
from metriccare.lake.tables import SparkLake, TableWriter
from metriccare.reporting.columns import columns_text
from metriccare.settings import Lake


@pytest.mark.parametrize("table", [RECORD, STAY, STAY_MEASURE, PATIENT_DAY, MEASURE_PUBLISHED, RUN], ids=str)
def test_columns_types_and_nulls_are_those_of_spark(
    spark: SparkSession, tmp_path: Path, table: Table
) -> None:
    lake = SparkLake(spark, Lake.at(tmp_path))
    TableWriter(lake, "run").replace(table, spark.createDataFrame([], table.columns))

    assert columns_text(lake.location, table) == lake.read(table)._jdf.schema().treeString(1).rstrip()


def test_a_table_that_was_never_written_has_no_columns(tmp_path: Path) -> None:
    with pytest.raises(LakeError, match=r"no table silver\.stay yet"):
        columns_text(Lake.at(tmp_path), STAY)
