"""gold.measure_result: numerators, denominators and rates by stratum."""

from collections.abc import Sequence
from datetime import date

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from metriccare.definitions import measures as d
from metriccare.definitions.decision_codes import Reason
from metriccare.definitions.profiles import PROFILES, Profile
from metriccare.definitions.schemas import GOLD_MEASURE_RESULT
from metriccare.definitions.schemas.contract import conform
from metriccare.definitions.strata import ALL, BY_INFECTION, BY_PERIOD
from metriccare.definitions.versions import DEFINITION_VERSION
from metriccare.measures.length_of_stay.days import SECONDS_PER_DAY
from metriccare.measures.result.cell import cells
from metriccare.measures.result.contribution import contributions
from metriccare.measures.result.interval import with_intervals
from metriccare.measures.result.standard import KEY, expected_events
from metriccare.measures.result.stratum import hospital_names, with_display, with_strata

TOO_FEW = 25
FROM_BILLING = [name for name, measure in d.MEASURES.items() if measure.decision == d.LENGTH_BILLING]


def measure_results(
    stay_measure: DataFrame,
    events: DataFrame,
    patient_days: DataFrame,
    stays: DataFrame,
    organizations: DataFrame,
    as_of: date,
    run_id: str,
    profiles: Sequence[Profile] = PROFILES,
) -> DataFrame:
    """Aggregate the decisions at one as_of.

    Args:
        stay_measure: gold.stay_measure.
        events: gold.infection_event.
        patient_days: gold.patient_day at the same `as_of`.
        stays: silver.stay, for the names of hospitals.
        organizations: silver.organization, likewise.
        as_of: the cut in event time.
        run_id: the run that computes them.
        profiles: those of the decisions.

    Returns:
        One row per measure, profile, stratum and stratum value; ratios of sums, never means of means.
    """
    added = cells(contributions(stay_measure, events, patient_days, as_of, profiles))
    rows = with_strata(added.localCheckpoint(eager=False))  # used twice
    expected = expected_events(rows)
    rated = _rated(_lengths(_whole_denominator(_summed(rows)))).join(expected, list(KEY), how="left")
    code_names = events.select("code", "display").distinct()
    shown = with_display(with_intervals(rated), hospital_names(stays, organizations), code_names)
    complete = shown.withColumns(
        {
            "as_of": F.lit(as_of),
            "is_suppressed": F.lit(False),
            "is_too_few": F.col("denominator") < TOO_FEW,
            "is_immature": _is_immature(),
            "definition_version": F.lit(DEFINITION_VERSION),
            "run_id": F.lit(run_id),
        }
    )
    return conform(complete, GOLD_MEASURE_RESULT)


def _summed(rows: DataFrame) -> DataFrame:
    """Sum by stratum; the stays that do not count become the map `excluded` by reason."""
    mean_of_logarithms = F.sum("logarithm_sum").cast("double") / F.sum("logarithms")
    by_reason = rows.groupBy(*KEY, "reason").agg(
        F.sum("n").alias("n"),
        (F.sum("numerator_seconds") / SECONDS_PER_DAY).alias("numerator"),
        (F.sum("denominator_seconds") / SECONDS_PER_DAY).alias("denominator"),
        F.expr("percentile(billing_days, 0.5, values)").alias("median"),
        _deviation("values", F.sum("value_seconds") / SECONDS_PER_DAY, "value_squares").alias("deviation"),
        mean_of_logarithms.alias("log_mean"),
        _deviation("logarithms", F.sum("logarithm_sum").cast("double"), "logarithm_squares").alias(
            "log_deviation"
        ),
    )
    counted = ("numerator", "denominator", "median", "deviation", "log_mean", "log_deviation")
    counted_struct = F.first(F.when(F.col("reason").isNull(), F.struct(*counted)), ignorenulls=True)
    excluded = F.collect_list(F.when(F.col("reason").isNotNull(), F.struct("reason", "n")))
    grouped = by_reason.groupBy(*KEY).agg(
        counted_struct.alias("c"), F.map_from_entries(F.array_sort(excluded)).alias("excluded")
    )
    sums = [F.coalesce(f"c.{name}", F.lit(0.0)).alias(name) for name in counted[:2]]
    return grouped.select(*KEY, "excluded", *sums, *(f"c.{name}" for name in counted[2:]))


def _deviation(count: str, total: Column, squares: str) -> Column:
    """Return the sample standard deviation from exact sums; null below two values."""
    n, squared = F.sum(count), F.sum(squares).cast("double")
    return F.when(n > 1, F.sqrt(F.greatest(F.lit(0.0), (squared - total * total / n) / (n - 1))))


def _whole_denominator(summed: DataFrame) -> DataFrame:
    """Relate each infection type and code to all discharges or patient-days."""
    of_all = F.when(F.col("stratum") == ALL, F.col("denominator"))
    whole = F.max(of_all).over(Window.partitionBy("measure", "profile"))
    of_type = F.col("stratum").isin(*BY_INFECTION)
    return summed.withColumn("denominator", F.when(of_type, whole).otherwise(F.col("denominator")))


def _lengths(summed: DataFrame) -> DataFrame:
    """Give the median and the geometric mean, which are taken of billing days, rows of their own."""
    names = F.when(
        F.col("measure") == d.LENGTH_BILLING, F.array(*(F.lit(name) for name in FROM_BILLING))
    ).otherwise(F.array("measure"))
    named = summed.withColumn("measure", F.explode(names))
    has_sum = ~F.col("measure").isin(d.LENGTH_MEDIAN, d.LENGTH_GEOMETRIC_MEAN)
    return named.withColumn("numerator", F.when(has_sum, F.col("numerator")))


def _rated(summed: DataFrame) -> DataFrame:
    factor = F.lit(1.0)
    for name in d.named(d.Kind.RATE):
        factor = F.when(F.col("measure") == name, F.lit(d.MEASURES[name].per)).otherwise(factor)
    rate = (
        F.when(F.col("denominator") <= 0, F.lit(None))
        .when(F.col("measure") == d.LENGTH_MEDIAN, F.col("median"))
        .when(F.col("measure") == d.LENGTH_GEOMETRIC_MEAN, F.exp("log_mean"))
        .otherwise(F.col("numerator") / F.col("denominator") * factor)
    )
    return summed.withColumn("rate", rate)


def _is_immature() -> Column:
    """True for a month or year some of whose stays lack their 30 days of follow-up at `as_of`."""
    incomplete = F.coalesce(F.col("excluded")[Reason.FOLLOW_UP_INCOMPLETE], F.lit(0))
    return F.col("stratum").isin(*BY_PERIOD) & (incomplete > 0)
