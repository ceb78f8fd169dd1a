"""What a stay must know of the patient's other stays: the next one, a hospice discharge before, the last one."""

from pyspark.sql import Column, DataFrame, Window, WindowSpec
from pyspark.sql import functions as F

from metriccare.fhir.concepts import category

ORDER = ("admission_date", "admission_at", "id")


def of_patient() -> WindowSpec:
    """All stays of one patient."""
    return Window.partitionBy("source", "patient_id")


def with_neighbours(stays: DataFrame) -> DataFrame:
    """Add what the clauses ask of the patient's other stays.

    Adds `is_planned` (MEASURES 1.3, the part that diagnoses decide), `next_acute` (the next acute stay by
    admission: id, admission_date, hospital_id, principal code, is_planned, body_sha256) and
    `hospice_discharge_dates` (of the earlier stays).
    """
    in_order = of_patient().orderBy(*ORDER)
    following = in_order.rowsBetween(1, Window.unboundedFollowing)
    preceding = in_order.rowsBetween(Window.unboundedPreceding, -1)
    hospice = F.when(F.col("disposition_class") == "hospice", F.col("discharge_date"))
    planned = category(F.col("principal_diagnosis"), "planned_diagnosis").isNotNull()
    return (
        stays.withColumn("is_planned", F.coalesce(planned, F.lit(False)))
        .withColumn("next_acute", F.first(_as_next(), ignorenulls=True).over(following))
        .withColumn("hospice_discharge_dates", F.collect_list(hospice).over(preceding))
    )


def _as_next() -> Column:
    fields = ("id", "admission_date", "hospital_id", "principal_diagnosis", "is_planned", "body_sha256")
    return F.when(F.col("is_acute") & F.col("admission_date").isNotNull(), F.struct(*fields))
