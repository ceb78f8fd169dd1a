"""Overlapping encounters of one patient at one hospital are one stay (MEASURES 0.1.8)."""

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F


def merge_overlaps(candidates: DataFrame) -> DataFrame:
    """Merge inpatient encounters of one patient and hospital whose periods overlap as instants.

    Args:
        candidates: live inpatient encounters that are no segments.

    Returns:
        One row per stay: `source`, `id` (of the earliest, then smallest id), `members` (the encounters, in that
        order). An open or undated encounter is a member of a stay only where it begins inside another one.
    """
    place = Window.partitionBy("source", "patient_id", "hospital_id")
    in_order = place.orderBy(F.col("period_start_at").asc_nulls_last(), _covered_until().desc(), "id")
    before = in_order.rowsBetween(Window.unboundedPreceding, -1)
    covered_until = F.max(_covered_until()).over(before)
    begins = ~F.coalesce(F.col("period_start_at") < covered_until, F.lit(False)) | ~_has_place()
    numbered = candidates.withColumn(
        "_group", F.sum(begins.cast("int")).over(in_order.rowsBetween(Window.unboundedPreceding, 0))
    )
    # Without patient or hospital nothing may be merged: each encounter is a group of its own.
    group = F.when(_has_place(), F.concat_ws("|", "hospital_id", "_group")).otherwise(F.col("id"))
    by_time = F.struct(
        F.coalesce("period_start_at", F.lit("9999-12-31").cast("timestamp")).alias("starts"),
        "id",
        F.struct(*candidates.columns).alias("encounter"),
    )
    merged = numbered.groupBy("source", "patient_id", group.alias("_group")).agg(
        F.transform(F.sort_array(F.collect_list(by_time)), lambda row: row["encounter"]).alias("members")
    )
    return merged.select("source", "patient_id", F.col("members")[0]["id"].alias("id"), "members")


def _has_place() -> Column:
    return F.col("patient_id").isNotNull() & F.col("hospital_id").isNotNull()


def _covered_until() -> Column:
    return F.coalesce(F.greatest("period_end_at", "period_start_at"), F.col("period_start_at"))
