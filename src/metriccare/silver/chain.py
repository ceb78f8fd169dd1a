"""Transfer chains: acute stays at different hospitals, one right after the other (MEASURES 0.4)."""

from pyspark.sql import Column, DataFrame, Window, WindowSpec
from pyspark.sql import functions as F

TRANSFER_DAYS = 1


def with_chain(stays: DataFrame) -> DataFrame:
    """Add `chain_id` (id of the first leg), `chain_position` (from 1) and `chain_length` to every stay.

    A stay joins the chain of the patient's previous acute stay if it is at another known hospital and begins
    on the same or the next calendar day, or before that one ended. A stay that is not acute, or lacks the
    admission date, is a chain of its own.
    """
    linkable = F.col("is_acute") & F.col("admission_date").isNotNull() & F.col("patient_id").isNotNull()
    patient = Window.partitionBy("source", "patient_id", linkable)
    in_order = patient.orderBy("admission_date", "admission_at", "id")
    starts = ~(linkable & _continues(in_order))
    numbered = stays.withColumn(
        "_chain", F.sum(starts.cast("int")).over(in_order.rowsBetween(Window.unboundedPreceding, 0))
    )
    legs = Window.partitionBy("source", "patient_id", linkable, "_chain")
    leg_order = legs.orderBy("admission_date", "admission_at", "id")
    return (
        numbered.withColumn("chain_id", F.first("id").over(leg_order))
        .withColumn("chain_position", F.row_number().over(leg_order))
        .withColumn("chain_length", F.count("id").over(legs).cast("int"))
        .drop("_chain")
    )


def _continues(in_order: WindowSpec) -> Column:
    previous_end = F.lag("discharge_date").over(in_order)
    previous_hospital = F.lag("hospital_id").over(in_order)
    gap = F.date_diff(F.col("admission_date"), previous_end)
    return F.coalesce((gap <= TRANSFER_DAYS) & (F.col("hospital_id") != previous_hospital), F.lit(False))
