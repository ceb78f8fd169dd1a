"""Segments: encounters that are a part (an ICU or ward leg) of another one (MEASURES 0.1.3)."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F


def segment_roots(encounters: DataFrame) -> DataFrame:
    """Follow `partOf` upwards, among the encounters of the same patient, to the one that is no part of another.

    An encounter that is part of itself, or in a cycle of the patient's own, is no segment: it must not get lost.
    One that is part of an encounter of somebody else, or of one that nobody knows, is a segment of no stay: the
    two can't be told apart by the records of one patient. An encounter without a patient has no kin.

    Args:
        encounters: live encounters; `patient_id` is the survivor's.

    Returns:
        One row per segment: `source`, `patient_id`, `id`, `root_id`. The root may be unknown, or another patient's.
    """
    links = encounters.filter(F.col("part_of_id") != F.col("id"))
    alone = F.when(F.col("patient_id").isNull(), F.col("id")).alias("alone")
    parents = F.map_from_entries(F.collect_list(F.struct("id", "part_of_id")))
    of_patient = links.groupBy("source", "patient_id", alone).agg(parents.alias("parents"))
    key = ("source", "patient_id")
    segments = of_patient.select(*key, "parents", F.explode("parents").alias("id", "part_of_id"))
    climbed = segments.withColumn("top", _climb())
    return climbed.filter(~F.col("top.in_cycle")).select(*key, "id", F.col("top.at").alias("root_id"))


def _climb() -> Column:
    start = F.struct(F.col("part_of_id").alias("at"), F.lit(False).alias("in_cycle"))

    def hop(state: Column, _: Column) -> Column:
        above = F.coalesce(F.col("parents")[state["at"]], state["at"])
        return F.struct(above.alias("at"), (state["in_cycle"] | (above == F.col("id"))).alias("in_cycle"))

    return F.aggregate(F.map_keys("parents"), start, hop)  # no way up is longer than the links there are
