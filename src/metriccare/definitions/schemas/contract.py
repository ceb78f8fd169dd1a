"""The select contract: a layer function ends with exactly the columns its table has."""

from functools import cache

from pyspark.sql import DataFrame, SparkSession
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
    return frame.selectExpr([f"CAST(`{name}` AS {kind}) AS `{name}`" for name, kind in _columns_of(ddl)])


def select_known(frame: DataFrame, ddl: str) -> DataFrame:
    """Select the columns of a schema; those that a table of an earlier version lacks are null."""
    there = set(frame.columns)
    return frame.selectExpr(
        [
            f"`{name}`" if name in there else f"CAST(NULL AS {kind}) AS `{name}`"
            for name, kind in _columns_of(ddl)
        ]
    )


@cache
def _columns_of(ddl: str) -> tuple[tuple[str, str], ...]:
    """Return the names and types of a schema, for expressions: a column object takes a dozen calls to the JVM."""
    return tuple((field.name, field.dataType.simpleString()) for field in struct_of(ddl).fields)
