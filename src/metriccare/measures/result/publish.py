"""gold.measure_published: what may be shown, after the CMS cell size rule (MEASURES 6).

No count of 1 to 10 is shown, nor its complement, nor what it could be computed from in the same row.
"""

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from metriccare.measures.definition import INFECTION_DISCHARGES, INFECTION_PATIENT_DAYS
from metriccare.measures.result.contribution import PROPORTIONS
from metriccare.schemas import GOLD_MEASURE_RESULT, conform

SMALL = (1, 10)
HIDDEN = ("numerator", "denominator", "rate", "ci_low", "ci_high", "expected", "observed_expected")


def published(results: DataFrame, is_synthetic: bool) -> DataFrame:
    """Suppress small cells; a lake of synthetic data shows everything.

    Args:
        results: gold.measure_result.
        is_synthetic: whether every patient of the lake is marked as test data.

    Returns:
        The same rows; suppressed cells have nulls and `is_suppressed`.
    """
    if is_synthetic:
        return conform(results, GOLD_MEASURE_RESULT)
    hide = _is_small_result()
    hidden = {name: F.when(~hide, F.col(name)) for name in HIDDEN}
    marked = results.withColumns(
        {
            "is_suppressed": hide,
            **hidden,
            "excluded": F.when(~hide & ~_has_small_exclusion(), F.col("excluded")),
        }
    )
    return conform(marked, GOLD_MEASURE_RESULT)


def _is_small(count: Column) -> Column:
    return F.coalesce(count.between(*SMALL), F.lit(False))


def _is_small_result() -> Column:
    """Proportions look at numerator, complement and denominator; rates at events and discharges; lengths at stays."""
    numerator, denominator = F.col("numerator"), F.col("denominator")
    of_proportion = _is_small(numerator) | _is_small(denominator - numerator) | _is_small(denominator)
    of_discharges = _is_small(numerator) | _is_small(denominator)
    return (
        F.when(F.col("measure").isin(*PROPORTIONS), of_proportion)
        .when(F.col("measure") == INFECTION_DISCHARGES, of_discharges)
        .when(F.col("measure") == INFECTION_PATIENT_DAYS, _is_small(numerator) | _is_small(_discharges()))
        .otherwise(_is_small(denominator))
    )


def _discharges() -> Column:
    """Return the discharges of the same stratum, which patient-days alone would not show."""
    same_stratum = Window.partitionBy("profile", "stratum", "stratum_value", "as_of")
    return F.max(F.when(F.col("measure") == INFECTION_DISCHARGES, F.col("denominator"))).over(same_stratum)


def _has_small_exclusion() -> Column:
    return F.exists(F.map_values(F.coalesce("excluded", F.create_map())), lambda count: count.between(*SMALL))
