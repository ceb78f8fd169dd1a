"""When a patient died, and which stay the death belongs to (MEASURES 2.1, 2.2, 0.2.4)."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from metriccare.measures.clause import holds
from metriccare.measures.mortality.vital_status import is_inconsistent
from metriccare.measures.sequence import ORDER, of_patient
from metriccare.measures.transfer import is_last_leg


def with_death(stays: DataFrame) -> DataFrame:
    """Add the facts on death that the clauses ask for, one row per stay as before.

    Adds `death_on` (the date of death; without one, the discharge date of a stay that ended in death),
    `died_in_hospital`, `is_vital_status_inconsistent`, and `death_chain_id` (the chain the death belongs to).
    """
    patient = of_patient()
    expired_on = F.when(is_expired(), F.col("discharge_date"))
    dated = stays.withColumn("death_on", F.coalesce("death_date", F.max(expired_on).over(patient)))
    order = F.struct(*ORDER)
    last_claim = F.max(F.when(claims_the_death(), order)).over(patient)
    last_before = F.max(F.when(F.col("admission_date") <= F.col("death_on"), F.struct(*ORDER, "chain_id")))
    return (
        dated.withColumn("died_in_hospital", holds(claims_the_death() & (order == last_claim)))
        .withColumn("is_vital_status_inconsistent", is_inconsistent())
        .withColumn("death_chain_id", last_before.over(patient)["chain_id"])
    )


def is_expired() -> Column:
    """True where the discharge disposition says that the patient died."""
    return holds(F.col("disposition_class") == "expired")


def has_no_disposition() -> Column:
    """True where the disposition is absent or no map knows it; then the date of death decides."""
    return holds(F.coalesce("disposition_class", F.lit("unknown")) == "unknown")


def claims_the_death() -> Column:
    """True for a stay that the patient seems to have died in (MEASURES 2.1, compared by calendar date).

    Disposition expired; or no usable disposition and the death on a day of the stay; or a live disposition but
    the death before the day of discharge.
    """
    since_admission = F.col("death_date") >= F.col("admission_date")
    until_discharge = F.col("death_date") <= F.col("discharge_date")
    before_discharge = F.col("death_date") < F.col("discharge_date")
    return ~F.col("is_open") & (
        is_expired()
        | holds(has_no_disposition() & since_admission & until_discharge)
        | holds(since_admission & before_discharge)
    )


def died_on_discharge_date() -> Column:
    """True where the patient left alive and died on the same date: not in hospital (MEASURES 2.1, conflicts).

    Who went on to another hospital that day was a transfer, and died there.
    """
    return ~F.col("died_in_hospital") & is_last_leg() & (F.col("death_on") == F.col("discharge_date"))
