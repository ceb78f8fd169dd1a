"""The strata that numbers are given for, and how they are called."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from metriccare.definitions.strata import (
    ALL,
    BY_INFECTION,
    CODE,
    HOSPITAL,
    HOSPITAL_YEAR,
    MONTH,
    UNKNOWN_HOSPITAL,
    YEAR,
)


def with_strata(cells: DataFrame) -> DataFrame:
    """Repeat each cell for each stratum it belongs to, as `stratum` and `stratum_value`.

    A stay without discharge belongs to no month and no year; only infections belong to a type and a code.
    """
    hospital = F.coalesce("hospital_id", F.lit(UNKNOWN_HOSPITAL))
    year = F.substring_index("month", "-", 1)
    strata = [
        _stratum(ALL, F.lit(ALL)),
        _stratum(HOSPITAL, hospital),
        _stratum(MONTH, F.col("month")),
        _stratum(YEAR, year),
        _stratum(HOSPITAL_YEAR, F.when(year.isNotNull(), F.concat_ws("|", hospital, year))),
        *(_stratum(name, F.col(name)) for name in BY_INFECTION),
    ]
    present = F.filter(F.array(*strata), lambda one: one["stratum_value"].isNotNull())
    return cells.withColumn("s", F.explode(present)).select("*", "s.stratum", "s.stratum_value").drop("s")


def _stratum(name: str, value: Column) -> Column:
    return F.struct(F.lit(name).alias("stratum"), value.alias("stratum_value"))


def hospital_names(stays: DataFrame, organizations: DataFrame) -> DataFrame:
    """Return one row per hospital: `hospital_id`, `name` (Organization.name, else the newest display)."""
    by_name = (
        organizations.filter("is_live")
        .groupBy(F.col("id").alias("hospital_id"))
        .agg(F.max_by("name", "version_order").alias("organization_name"))
    )
    has_display = F.col("hospital_display").isNotNull()  # a null must not hide an older name
    when_shown = F.when(has_display, F.struct("admission_at", "id"))
    shown = (
        stays.filter(F.col("hospital_id").isNotNull())
        .groupBy("hospital_id")
        .agg(F.max_by("hospital_display", when_shown).alias("display"))
    )
    return shown.join(by_name, "hospital_id", how="left").select(
        "hospital_id", F.coalesce("organization_name", "display", "hospital_id").alias("name")
    )


def with_display(results: DataFrame, names: DataFrame, code_names: DataFrame) -> DataFrame:
    """Add `stratum_display`: the hospital's name, the meaning of a code, else the value itself.

    Args:
        results: one row per stratum.
        names: `hospital_names`.
        code_names: `code`, `display`.
    """
    part = F.split(F.col("stratum_value"), r"\|")
    hospital = F.when(F.col("stratum").isin(HOSPITAL, HOSPITAL_YEAR), part[0])
    code = F.when(F.col("stratum") == CODE, F.col("stratum_value"))
    joined = (
        results.withColumns({"_hospital": hospital, "_code": code})
        .join(F.broadcast(names.withColumnRenamed("hospital_id", "_hospital")), "_hospital", how="left")
        .join(F.broadcast(code_names.withColumnRenamed("code", "_code")), "_code", how="left")
    )
    with_year = F.when(
        F.col("stratum") == HOSPITAL_YEAR, F.concat_ws(", ", F.coalesce("name", hospital), part[1])
    )
    return joined.withColumn(
        "stratum_display", F.coalesce(with_year, "name", "display", "stratum_value")
    ).drop("_hospital", "_code", "name", "display")
