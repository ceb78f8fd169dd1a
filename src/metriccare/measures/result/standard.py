"""Observed against expected: indirect standardisation by age band and sex (MEASURES 1.5).

Expected events are those that a hospital's or period's stays would have had at the rates of all stays of the same
age band and sex. It is no risk model: nothing else about the patients is adjusted for.
"""

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from metriccare.definitions.measures import Kind, named
from metriccare.definitions.strata import ALL, BY_INFECTION
from metriccare.measures.length_of_stay.days import SECONDS_PER_DAY

STANDARDISED = named(Kind.PROPORTION, Kind.RATE)
KEY = ("measure", "profile", "stratum", "stratum_value")


def expected_events(strata_rows: DataFrame) -> DataFrame:
    """Return the expected number of events of every stratum.

    Args:
        strata_rows: cells with their strata.

    Returns:
        One row per measure, profile, stratum and stratum value: `expected`, an exact decimal sum as a double.
        Types and codes of infection have none: their denominators are no stays of their own.
    """
    wanted = F.col("measure").isin(*STANDARDISED) & ~F.col("stratum").isin(*BY_INFECTION)
    layer = ("age_band", "sex_known")
    sums = (
        strata_rows.filter(wanted & F.col("reason").isNull())
        .groupBy(*KEY, *layer)
        .agg(
            (F.sum("numerator_seconds") / SECONDS_PER_DAY).alias("events"),
            (F.sum("denominator_seconds") / SECONDS_PER_DAY).alias("n"),
        )
    )
    of_all = F.col("stratum") == ALL
    everybody = Window.partitionBy("measure", "profile", *layer)
    rate = F.max(F.when(of_all, F.col("events") / F.col("n"))).over(everybody)
    weighed = sums.withColumn("weighed", (F.col("n") * rate).cast("DECIMAL(28, 12)"))
    return weighed.groupBy(*KEY).agg(F.sum("weighed").cast("double").alias("expected"))
