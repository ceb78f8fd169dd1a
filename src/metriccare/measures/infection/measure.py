"""Hospital-onset infections of a stay (MEASURES 3.4)."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from metriccare.measures.clause import decision
from metriccare.measures.cohort import common_exclusions
from metriccare.measures.infection.onset import HOSPITAL_ONSET
from metriccare.measures.profile import Profile


def with_infection_count(stays: DataFrame, events: DataFrame) -> DataFrame:
    """Add `infection_count`, `first_infection_date` and `infection_evidence` of the hospital-onset events.

    Args:
        stays: one row per stay.
        events: gold.infection_event of one profile.
    """
    proof = F.struct(
        F.lit("infection").alias("role"),
        "source",
        F.lit("Condition").alias("type"),
        F.col("condition_id").alias("id"),
        "body_sha256",
    )
    counted = (
        events.filter(F.col("decision") == HOSPITAL_ONSET)
        .groupBy("source", F.col("stay_id").alias("id"))
        .agg(
            F.count("condition_id").alias("infection_count"),
            F.min("event_date").alias("first_infection_date"),
            F.sort_array(F.collect_list(proof)).alias("infection_evidence"),
        )
    )
    joined = stays.join(counted, ["source", "id"], how="left")
    return joined.withColumn("infection_count", F.coalesce("infection_count", F.lit(0)))


def infection(profile: Profile) -> Column:
    """Decide one stay: value = its hospital-onset events, each with its own date in gold.infection_event."""
    return decision(
        common_exclusions(profile),
        (),
        numerator=F.col("infection_count") > 0,
        value=F.col("infection_count"),
        matures_on=F.col("discharge_date"),
        event_on=F.col("first_infection_date"),
        proof=F.col("infection_evidence"),
    )
