"""What each stay adds to each measure at an as_of: a numerator, a denominator, or a reason why neither."""

from datetime import date
from functools import reduce

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from metriccare.measures import definition as d
from metriccare.measures.infection.onset import HOSPITAL_ONSET
from metriccare.measures.result.as_of import NOT_FINISHED, reason_at, value_at

PROPORTIONS = (d.READMISSION, d.READMISSION_UNPLANNED, d.MORTALITY_IN_HOSPITAL, d.MORTALITY_30_DAY)
LENGTHS = (d.LENGTH_BILLING, d.LENGTH_MIDNIGHTS, d.LENGTH_FRACTIONAL)
COLUMNS = (
    "measure",
    "profile",
    "hospital_id",
    "day",
    "infection_type",
    "code",
    "reason",
    "numerator",
    "denominator",
    "value",
)


def contributions(
    stay_measure: DataFrame, events: DataFrame, patient_days: DataFrame, as_of: date
) -> DataFrame:
    """Unfold the decisions into one row per stay and measure, event, or stay and month.

    Args:
        stay_measure: gold.stay_measure.
        events: gold.infection_event.
        patient_days: gold.patient_day at the same `as_of`.
        as_of: the cut.

    Returns:
        Rows of `COLUMNS`: `day` decides month and year (discharge, census month or event), `value` is what
        medians and means of logarithms are taken of.
    """
    stays = stay_measure.withColumn("day", F.col("discharge_date"))
    onsets = _onsets(stay_measure, events, as_of)
    parts = [
        *(_of_stays(stays, name, name, as_of) for name in (*PROPORTIONS, *LENGTHS)),
        _of_stays(stays, "infection", d.INFECTION_DISCHARGES, as_of).withColumn("numerator", F.lit(0.0)),
        _of_events(onsets, d.INFECTION_DISCHARGES, "discharge_date").filter(F.col("is_counted_discharge")),
        _of_census(stay_measure, patient_days),
        _of_events(onsets, d.INFECTION_PATIENT_DAYS, "event_date"),
    ]
    return reduce(DataFrame.unionByName, [part.select(*COLUMNS) for part in parts])


def _of_stays(stays: DataFrame, column: str, measure: str, as_of: date) -> DataFrame:
    decision = F.col(column)
    reason = reason_at(decision, as_of)
    counted = reason.isNull()
    value = F.when(counted, decision["value"]) if measure in LENGTHS else F.lit(None)
    return stays.withColumns(
        {
            "measure": F.lit(measure),
            "reason": reason,
            "numerator": F.when(counted, value_at(decision, as_of)).otherwise(0.0),
            "denominator": counted.cast("double"),
            "value": value.cast("double"),
            "infection_type": _nothing(),
            "code": _nothing(),
        }
    )


def _onsets(stay_measure: DataFrame, events: DataFrame, as_of: date) -> DataFrame:
    """Hospital-onset events of stays that are in hospital at a known date, seen at `as_of`."""
    stays = _in_census(stay_measure).select(
        "source",
        "stay_id",
        "profile",
        "discharge_date",
        reason_at(F.col("infection"), as_of).isNull().alias("is_counted_discharge"),
    )
    seen = (F.col("decision") == HOSPITAL_ONSET) & (
        F.coalesce("event_date", "discharge_date", F.lit(as_of)) <= F.lit(as_of)
    )
    return events.join(stays, ["source", "stay_id", "profile"], how="inner").filter(seen)


def _of_events(onsets: DataFrame, measure: str, day: str) -> DataFrame:
    return onsets.withColumns(
        {
            "measure": F.lit(measure),
            "day": F.coalesce(day, "discharge_date"),
            "infection_type": F.col("type"),
            "reason": _nothing(),
            "numerator": F.lit(1.0),
            "denominator": F.lit(0.0),
            "value": _nothing().cast("double"),
        }
    )


def _of_census(stay_measure: DataFrame, patient_days: DataFrame) -> DataFrame:
    stays = _in_census(stay_measure).select("source", "stay_id", "profile")
    return patient_days.join(stays, ["source", "stay_id"], how="inner").withColumns(
        {
            "measure": F.lit(d.INFECTION_PATIENT_DAYS),
            "day": F.to_date(F.concat("month", F.lit("-01"))),
            "infection_type": _nothing(),
            "code": _nothing(),
            "reason": _nothing(),
            "numerator": F.lit(0.0),
            "denominator": F.col("days").cast("double"),
            "value": _nothing().cast("double"),
        }
    )


def _in_census(stay_measure: DataFrame) -> DataFrame:
    """Stays whose days count for the census: the initial population, open ones too (MEASURES 0.1.5)."""
    other_reasons = F.array_except(F.col("infection.exclusions"), F.array(F.lit(NOT_FINISHED)))
    return stay_measure.filter((F.size(other_reasons) == 0) & F.col("admission_date").isNotNull())


def _nothing() -> Column:
    return F.lit(None).cast("string")
