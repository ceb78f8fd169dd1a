"""Segments: encounters that are a part (an ICU or ward leg) of another one (MEASURES 0.1.3)."""

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F


def segment_roots(encounters: DataFrame) -> DataFrame:
    """Follow `partOf` upwards to the encounter that is no part of another.

    An encounter that is part of itself, or in a cycle, is no segment: it must not get lost.

    Args:
        encounters: live encounters.

    Returns:
        One row per segment: `source`, `id`, `root_id`.
    """
    links = _with_family(encounters.filter(F.col("part_of_id") != F.col("id")), encounters)
    parents = F.map_from_entries(F.collect_list(F.struct("id", "part_of_id")))
    of_patient = links.groupBy("source", "family").agg(parents.alias("parents"))
    segments = of_patient.select("source", "parents", F.explode("parents").alias("id", "part_of_id"))
    climbed = segments.withColumn("top", _climb())
    return climbed.filter(~F.col("top.in_cycle")).select("source", "id", F.col("top.at").alias("root_id"))


def _with_family(links: DataFrame, encounters: DataFrame) -> DataFrame:
    """Add the patient as `family`, within which a way up stays; null for the few whose links lead to another's."""
    above = encounters.select(
        "source", F.col("id").alias("part_of_id"), F.struct("patient_id").alias("above")
    )
    leaves = F.col("above").isNotNull() & ~F.col("patient_id").eqNullSafe(F.col("above.patient_id"))
    leaves_ever = F.max(leaves).over(Window.partitionBy("source", "patient_id"))
    joined = links.join(above, ["source", "part_of_id"], how="left")
    return joined.withColumn("family", F.when(~leaves_ever, F.col("patient_id")))


def _climb() -> Column:
    start = F.struct(F.col("part_of_id").alias("at"), F.lit(False).alias("in_cycle"))

    def hop(state: Column, _: Column) -> Column:
        above = F.coalesce(F.col("parents")[state["at"]], state["at"])
        return F.struct(above.alias("at"), (state["in_cycle"] | (above == F.col("id"))).alias("in_cycle"))

    return F.aggregate(F.map_keys("parents"), start, hop)  # no way up is longer than the links there are
