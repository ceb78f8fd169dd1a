"""gold.measure_published: what may be shown, after the CMS cell size rule (MEASURES 6).

No count of 1 to 10 is shown, nor its complement, nor anything it can be computed from: in the same row, or from the
rows of other strata, measures and profiles. Which rows that are is decided in `suppression`.
"""

from collections.abc import Iterable
from datetime import date
from itertools import groupby
from typing import Any

from pyspark.sql import DataFrame, Row

from metriccare.definitions.schemas import GOLD_MEASURE_RESULT
from metriccare.definitions.schemas.contract import conform
from metriccare.measures.result.suppression import Cell, suppress

NUMBERS = (
    "numerator",
    "denominator",
    "rate",
    "ci_low",
    "ci_high",
    "ci_method",
    "expected",
    "observed_expected",
    "observed_expected_ci_low",
    "observed_expected_ci_high",
    "is_too_few",
)
"""What a hidden row does not say. The method of the interval and "too few" would tell how many there are."""


def published(results: DataFrame, is_synthetic: bool) -> DataFrame:
    """Suppress small cells and their complements; a lake of synthetic data shows everything.

    The results are collected: they are one row per stratum, and each decision looks at all of one as_of.

    Args:
        results: gold.measure_result.
        is_synthetic: whether every patient of the lake is marked as test data.

    Returns:
        The same rows; suppressed cells have nulls and `is_suppressed`.
    """
    conformed = conform(results, GOLD_MEASURE_RESULT)
    if is_synthetic:
        return conformed
    rows = sorted(conformed.collect(), key=_key)
    hidden = [shown for _, group in groupby(rows, key=_as_of) for shown in _suppressed(list(group))]
    return results.sparkSession.createDataFrame(hidden, conformed.schema)


def _as_of(row: Row) -> date:
    as_of: date = row["as_of"]
    return as_of


def _key(row: Row) -> tuple[Any, ...]:
    """Order the rows, so that the same results are suppressed the same way."""
    return row["as_of"], row["measure"], row["profile"], row["stratum"], row["stratum_value"]


def _suppressed(rows: list[Row]) -> Iterable[tuple[Any, ...]]:
    """Blank what must not be shown of the rows of one as_of."""
    hiding = suppress([_cell(row) for row in rows])
    for index, row in enumerate(rows):
        values = row.asDict()
        if index in hiding.rows:
            values |= dict.fromkeys(set(NUMBERS) & set(values)) | {"is_suppressed": True}
        if index in hiding.maps:
            values["excluded"] = None
        yield tuple(values[name] for name in row.__fields__)


def _cell(row: Row) -> Cell:
    return Cell(
        measure=row["measure"],
        profile=row["profile"],
        stratum=row["stratum"],
        value=row["stratum_value"],
        numerator=row["numerator"],
        denominator=row["denominator"],
        excluded=row["excluded"] or {},
    )
