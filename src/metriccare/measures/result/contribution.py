"""What each stay adds to each measure at an as_of: a numerator, a denominator, or a reason why neither."""

from collections.abc import Sequence
from datetime import date
from functools import reduce

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from metriccare.definitions import measures as d
from metriccare.definitions.decision_codes import InfectionDecision, Reason
from metriccare.definitions.profiles import PROFILES, Profile
from metriccare.measures.result.as_of import reason_at, value_at

PROPORTIONS = d.named(d.Kind.PROPORTION)
LENGTHS = d.named(d.Kind.MEAN)
COLUMNS = (
    "measure",
    "profile",
    "hospital_id",
    "day",
    "age",
    "sex",
    "infection_type",
    "code",
    "reason",
    "numerator",
    "denominator",
    "value",
)


def contributions(
    stay_measure: DataFrame,
    events: DataFrame,
    patient_days: DataFrame,
    as_of: date,
    profiles: Sequence[Profile] = PROFILES,
) -> DataFrame:
    """Unfold the decisions into one row per stay and measure, event, or stay and month.

    Args:
        stay_measure: gold.stay_measure.
        events: gold.infection_event.
        patient_days: gold.patient_day at the same `as_of`.
        as_of: the cut.
        profiles: those of the decisions; they say how the census counts.

    Returns:
        Rows of `COLUMNS`: `day` decides month and year (discharge, census month or event), `value` is what
        medians and means of logarithms are taken of.
    """
    onsets = _onsets(stay_measure, events, as_of)
    parts = [
        _of_stays(stay_measure, as_of),
        _of_events(onsets, d.INFECTION_DISCHARGES, "discharge_date").filter("is_counted_discharge"),
        _of_census(stay_measure, patient_days, profiles),
        _of_events(onsets, d.INFECTION_PATIENT_DAYS, "event_date"),
    ]
    return reduce(DataFrame.unionByName, [part.select(*COLUMNS) for part in parts])


def _of_stays(stay_measure: DataFrame, as_of: date) -> DataFrame:
    """One row per stay and measure that counts stays; the events of infections come as rows of their own."""
    columns = {name: name for name in (*PROPORTIONS, *LENGTHS)} | {d.INFECTION_DISCHARGES: d.INFECTION}
    decided = F.array(
        *(
            F.struct(F.lit(measure).alias("measure"), _what_counts(F.col(column)).alias("decision"))
            for measure, column in columns.items()
        )
    )
    unfolded = stay_measure.withColumn("share", F.explode(decided)).select("*", "share.*")
    reasoned = unfolded.withColumn("reason", reason_at(F.col("decision"), as_of))
    counted = F.col("reason").isNull()
    adds = F.when(counted & (F.col("measure") != d.INFECTION_DISCHARGES), value_at(F.col("decision"), as_of))
    return reasoned.withColumns(
        {
            "day": F.col("discharge_date"),
            "infection_type": _nothing(),
            "code": _nothing(),
            "numerator": F.coalesce(adds, F.lit(0.0)),
            "denominator": counted.cast("double"),
            "value": F.when(counted & F.col("measure").isin(*LENGTHS), F.col("decision.value")),
        }
    )


def _what_counts(decision: Column) -> Column:
    """Return the fields of a decision that are added up: its lists need not be copied for every measure."""
    return F.struct(
        *(decision[name].alias(name) for name in ("exclusion", "matures_on", "event_on", "value"))
    )


def _onsets(stay_measure: DataFrame, events: DataFrame, as_of: date) -> DataFrame:
    """Hospital-onset events of stays that are in hospital at a known date, seen at `as_of`."""
    stays = _in_census(stay_measure).select(
        "source",
        "stay_id",
        "profile",
        "age",
        "sex",
        "discharge_date",
        reason_at(F.col("infection"), as_of).isNull().alias("is_counted_discharge"),
    )
    seen = (F.col("decision") == InfectionDecision.HOSPITAL_ONSET) & (
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


def _of_census(stay_measure: DataFrame, patient_days: DataFrame, profiles: Sequence[Profile]) -> DataFrame:
    stays = _in_census(stay_measure).select("source", "stay_id", "profile", "sex")
    counting = [profile.name for profile in profiles if profile.counts_same_day]
    same_day = F.when(F.col("is_same_day") & F.col("profile").isin(*counting), 1)
    return patient_days.join(stays, ["source", "stay_id"], how="inner").withColumns(
        {
            "measure": F.lit(d.INFECTION_PATIENT_DAYS),
            "day": F.to_date(F.concat("month", F.lit("-01"))),
            "infection_type": _nothing(),
            "code": _nothing(),
            "reason": _nothing(),
            "numerator": F.lit(0.0),
            "denominator": F.coalesce(same_day, F.col("days")).cast("double"),
            "value": _nothing().cast("double"),
        }
    )


def _in_census(stay_measure: DataFrame) -> DataFrame:
    """Stays whose days count for the census: the initial population, open ones too (MEASURES 0.1.5)."""
    other_reasons = F.array_except(F.col("infection.exclusions"), F.array(F.lit(Reason.NOT_FINISHED)))
    return stay_measure.filter((F.size(other_reasons) == 0) & F.col("admission_date").isNotNull())


def _nothing() -> Column:
    return F.lit(None).cast("string")
