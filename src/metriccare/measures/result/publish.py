"""gold.measure_published: what may be shown, after the CMS cell size rule (MEASURES 6).

No count of 1 to 10 is shown, nor its complement, nor anything it can be computed from: in the same row, or from the
rows of other strata, measures and profiles. Which rows that are is decided in `suppression`.
"""

from collections.abc import Iterable, Mapping
from itertools import groupby
from operator import itemgetter
from typing import Any

import pyarrow as pa

from metriccare.measures.result.suppression import Cell, suppress

Row = Mapping[str, Any]

_KEY = ("as_of", "measure", "profile", "stratum", "stratum_value")
"""The order of the rows, so that the same results are suppressed the same way."""

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


def published(results: pa.Table, is_synthetic: bool) -> pa.Table:
    """Suppress small cells and their complements; a lake of synthetic data shows everything.

    Args:
        results: gold.measure_result; each decision looks at all rows of one as_of.
        is_synthetic: whether every patient of the lake is marked as test data.

    Returns:
        The same rows; suppressed cells have nulls and `is_suppressed`.
    """
    if is_synthetic:
        return results
    rows = results.sort_by([(name, "ascending") for name in _KEY]).to_pylist(maps_as_pydicts="strict")
    hidden = [
        shown for _, group in groupby(rows, key=itemgetter("as_of")) for shown in _suppressed(list(group))
    ]
    return pa.Table.from_pylist(hidden, results.schema)


def _suppressed(rows: list[Row]) -> Iterable[Row]:
    """Blank what must not be shown of the rows of one as_of."""
    hiding = suppress([_cell(row) for row in rows])
    for index, row in enumerate(rows):
        shown = dict(row)
        if index in hiding.rows:
            shown |= dict.fromkeys(NUMBERS) | {"is_suppressed": True}
        if index in hiding.maps:
            shown["excluded"] = None
        yield shown


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
