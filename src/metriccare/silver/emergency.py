"""The emergency or observation visit that led straight into a stay (MEASURES 4.7)."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from metriccare.fhir.concepts import categories, category

AT_MOST = "INTERVAL 1 HOUR"
EMERGENCY, OBSERVATION = "emergency", "observation"


def with_emergency_start(stays: DataFrame, encounters: DataFrame) -> DataFrame:
    """Add `emergency_start_at` and `emergency_start_date`: when the hospital's care began before the admission.

    An observation that ended within the hour before the admission, then an emergency visit that ended within
    the hour before that; null where neither did, or where the stay or the visit has no times of day.

    Args:
        stays: one row per stay.
        encounters: live encounters.
    """
    visits = (
        encounters.withColumn("kind", _kind())
        .filter(F.col("kind").isNotNull() & F.col("has_times") & F.col("patient_id").isNotNull())
        .groupBy("source", "patient_id")
        .agg(
            F.collect_list(F.struct("period_start_at", "period_start_date", "period_end_at", "kind")).alias(
                "visits"
            )
        )
    )
    joined = stays.join(visits, ["source", "patient_id"], how="left")
    observed = joined.withColumn("_observed", _before(OBSERVATION, F.col("admission_at")))
    since = F.coalesce(F.col("_observed.period_start_at"), F.col("admission_at"))
    arrived = F.coalesce(_before(EMERGENCY, since), F.col("_observed"))
    return (
        observed.withColumn("_arrived", F.when(F.col("has_times"), arrived))
        .withColumn("emergency_start_at", F.col("_arrived.period_start_at"))
        .withColumn("emergency_start_date", F.col("_arrived.period_start_date"))
        .drop("visits", "_observed", "_arrived")
    )


def _kind() -> Column:
    """Class or type says it; a stay's own class is neither."""
    by_class = category(
        F.struct(F.col("class_system").alias("system"), F.col("class_code").alias("code")), "preceding_visit"
    )
    return F.coalesce(by_class, F.get(categories(F.col("types"), "preceding_visit"), 0))


def _before(kind: str, moment: Column) -> Column:
    """Return the earliest visit of that kind that ended in the hour before `moment`."""
    led_here = F.filter(
        "visits",
        lambda visit: (
            (visit["kind"] == kind)
            & visit["period_end_at"].between(moment - F.expr(AT_MOST), moment)
            & (visit["period_start_at"] <= visit["period_end_at"])
        ),
    )
    return F.array_min(led_here)
