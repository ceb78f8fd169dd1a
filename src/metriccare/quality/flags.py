"""Counts of data-quality flags."""

from functools import reduce

from pyspark.sql import DataFrame
from pyspark.sql import functions as F


def flag_counts(tables: dict[str, DataFrame]) -> DataFrame:
    """Count the flags of the silver tables.

    Returns:
        One row per table and flag that occurs: `table`, `flag`, `rows`, `share` (of all rows of the table).
    """
    counted = [_of_table(name, frame) for name, frame in tables.items()]
    return reduce(DataFrame.unionByName, counted).orderBy("table", F.desc("rows"), "flag")


def _of_table(name: str, frame: DataFrame) -> DataFrame:
    size = F.lit(max(1, frame.count()))
    flagged = (
        frame.select(F.explode("quality_flags").alias("flag")).groupBy("flag").agg(F.count("*").alias("rows"))
    )
    return flagged.select(
        F.lit(name).alias("table"), "flag", "rows", F.round(F.col("rows") / size, 4).alias("share")
    )
