"""gold.patient_day: the census, days in hospital by stay and month (MEASURES 3.4)."""

from datetime import date

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from metriccare.definitions.schemas import GOLD_PATIENT_DAY
from metriccare.definitions.schemas.contract import conform


def patient_days(stays: DataFrame, as_of: date, run_id: str) -> DataFrame:
    """Count the midnights spent in hospital.

    A day counts for the month it begins in: the night from the 31st to the 1st belongs to the old month. An
    open stay counts up to `as_of`. A same-day stay has no midnight; its row says so (`is_same_day`), since a
    profile may count it as a day.

    Args:
        stays: silver.stay; stays without usable dates or of unknown patients have no days.
        as_of: what happens later is unseen.
        run_id: the run that computes them.

    Returns:
        One row per stay and month (`2025-03`) with at least one midnight, or with the whole of a same-day stay.
    """
    cut = F.lit(as_of)
    until = F.least(F.coalesce("discharge_date", cut), cut)
    is_usable = F.col("is_patient_known") & (F.col("is_open") | F.col("discharge_date").isNotNull())
    nights = (
        stays.filter(is_usable & (F.col("admission_date") <= until))
        .withColumn("until", until)
        .withColumn(
            "is_same_day", F.coalesce(F.col("admission_date") == F.col("discharge_date"), F.lit(False))
        )
        .withColumn("month_start", F.explode(_months()))
    )
    days = F.date_diff(
        F.least("until", F.add_months("month_start", 1)), F.greatest("admission_date", "month_start")
    )
    counted = nights.withColumns(
        {
            "days": days,
            "month": F.date_format("month_start", "yyyy-MM"),
            "stay_id": F.col("id"),
            "run_id": F.lit(run_id),
        }
    )
    return conform(counted.filter((F.col("days") > 0) | F.col("is_same_day")), GOLD_PATIENT_DAY)


def _months() -> Column:
    first, last = F.trunc("admission_date", "month"), F.trunc("until", "month")
    return F.sequence(first, last, F.expr("INTERVAL 1 MONTH"))
