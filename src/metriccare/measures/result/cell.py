"""Cells: what the stays of one hospital, month, age band, sex and reason add to a measure together.

All that the results are made of is exact and adds up (counts, whole seconds, decimals), so that strata are sums of
cells: a tenth of the rows to repeat for each stratum.
"""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from metriccare.definitions import measures as d
from metriccare.definitions.strata import AGE_BANDS, OLDEST_AGE_BAND, UNKNOWN
from metriccare.measures.length_of_stay.days import SECONDS_PER_DAY

EXACT = "DECIMAL(28, 12)"

CELL = (
    "measure",
    "profile",
    "hospital_id",
    "month",
    "age_band",
    "sex_known",
    "infection_type",
    "code",
    "reason",
    "billing_days",
)


def cells(contributions: DataFrame) -> DataFrame:
    """Add the contributions up by cell.

    Args:
        contributions: of `contributions`.

    Returns:
        One row per `CELL`. `month` is YYYY-MM of `day`; `billing_days` is the value where a median is taken of it.
        Numerators, denominators and values are sums in seconds (an event counts as a day), squares and logarithms
        exact decimals; `n`, `values` and `logarithms` count the rows, and those that have the one or the other.
    """
    value = F.col("value")
    logarithm = F.when(value > 0, F.log(value))
    keyed = contributions.withColumns(
        {
            "month": F.date_format("day", "yyyy-MM"),
            "age_band": age_band(),
            "sex_known": F.coalesce("sex", F.lit(UNKNOWN)),
            "billing_days": F.when(F.col("measure") == d.LENGTH_BILLING, value),
        }
    )
    return keyed.groupBy(*CELL).agg(
        F.count(F.lit(1)).alias("n"),
        _seconds(F.col("numerator")).alias("numerator_seconds"),
        _seconds(F.col("denominator")).alias("denominator_seconds"),
        F.count(value).alias("values"),
        _seconds(value).alias("value_seconds"),
        _exact(value * value).alias("value_squares"),
        F.count(logarithm).alias("logarithms"),
        _exact(logarithm).alias("logarithm_sum"),
        _exact(logarithm * logarithm).alias("logarithm_squares"),
    )


def age_band() -> Column:
    """Return the age band of a row; `unknown` without an age."""
    band = F.when(F.col("age").isNull(), UNKNOWN)
    for below, name in AGE_BANDS:
        band = band.when(F.col("age") < below, name)
    return band.otherwise(OLDEST_AGE_BAND)


def _seconds(value: Column) -> Column:
    """Add events or days exactly, in whole seconds: a sum of floating-point numbers depends on their order."""
    return F.sum(F.round(value * SECONDS_PER_DAY).cast("long"))


def _exact(value: Column) -> Column:
    """Add exactly what is no whole number of anything."""
    return F.sum(value.cast(EXACT))
