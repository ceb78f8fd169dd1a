"""The select contract: a layer function ends with exactly the columns its table has."""

from functools import cache

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import StructType


@cache
def struct_of(ddl: str) -> StructType:
    """Return the Spark type of a schema in DDL; there must be a running session, whose parser it uses."""
    return SparkSession.active().createDataFrame([], ddl).schema


def conform(frame: DataFrame, ddl: str) -> DataFrame:
    """Select the columns of a schema, in its order and with its types; anything else in `frame` is dropped.

    Raises:
        AnalysisException: a column is missing, or its type can't become the schema's.
    """
    return frame.select([F.col(f.name).cast(f.dataType).alias(f.name) for f in struct_of(ddl).fields])


def select_known(frame: DataFrame, ddl: str) -> DataFrame:
    """Select the columns of a schema; those that a table of an earlier version lacks are null."""
    there = set(frame.columns)
    return frame.select(
        [
            F.col(f.name) if f.name in there else F.lit(None).cast(f.dataType).alias(f.name)
            for f in struct_of(ddl).fields
        ]
    )
