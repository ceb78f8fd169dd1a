"""The months of a control chart: which of them count, the centre, the limits, and which months stand out."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from metriccare.reporting.pictures.canvas import FIRST_MONTH, LAST_MONTH, rows_of
from metriccare.reporting.pictures.limits import Limits, is_beyond, p_chart_limits, u_chart_limits
from metriccare.reporting.pictures.run_rule import long_runs


@dataclass(frozen=True)
class Process:
    """One row per calendar month, without gaps, and the centre (None without a complete month).

    Columns of `months` (index: month as a pandas period): `rate` (NaN: no result, or hidden), `is_immature`,
    `lower`, `upper` (NaN for months that are not assessed), `is_outside`, `is_in_run`. Unit: share, or events per unit.
    `runs`: the first and the last month of each long run.
    """

    months: pd.DataFrame
    centre: float | None
    runs: tuple[tuple[pd.Period, pd.Period], ...] = ()

    @property
    def assessed(self) -> pd.DataFrame:
        """The months that count: those with a result and complete follow-up."""
        return self.months[self.months["rate"].notna() & ~self.months["is_immature"]]


def process_of(results: pd.DataFrame, measure: str, *, is_proportion: bool) -> Process:
    """Return the months of a measure, compared with their own centre.

    The centre is the sum of the numerators divided by the sum of the denominators, not the mean of the rates. A month
    with incomplete follow-up has only part of its stays: it is shown, but neither counted nor assessed.

    Args:
        results: rows of gold.measure_published with one profile and one as_of.
        measure: the measure.
        is_proportion: use the limits of a p-chart (else of a u-chart).
    """
    months = _calendar(rows_of(results, measure, "month"))
    counts = months[months["rate"].notna() & ~months["is_immature"]]
    if counts.empty:
        not_assessed = {"lower": np.nan, "upper": np.nan, "is_outside": False, "is_in_run": False}
        return Process(months.assign(**not_assessed), None)
    centre = float(counts["numerator"].sum() / counts["denominator"].sum())
    limits = (p_chart_limits if is_proportion else u_chart_limits)(centre, counts["denominator"].to_numpy())
    runs = long_runs(counts["rate"].reindex(months.index).tolist(), centre)
    spans = tuple((months.index[run[0]], months.index[run[-1]]) for run in runs)
    return Process(_assess(months, counts, limits, [at for run in runs for at in run]), centre, spans)


def number_undrawn(results: pd.DataFrame, measure: str) -> int:
    """Return the number of months with a result that lie before or after the range that can be drawn."""
    rows = rows_of(results, measure, "month")
    return int((~rows["stratum_value"].between(FIRST_MONTH, LAST_MONTH)).sum())


def _calendar(rows: pd.DataFrame) -> pd.DataFrame:
    """Index by month from the first to the last that can be drawn, with rows for months without a result."""
    rows = rows[(rows["denominator"] > 0) & rows["stratum_value"].between(FIRST_MONTH, LAST_MONTH)]
    index = pd.PeriodIndex(rows["stratum_value"], freq="M", name="month")
    counted = pd.DataFrame(
        {
            "numerator": rows["numerator"].to_numpy(dtype=float),
            "denominator": rows["denominator"].to_numpy(dtype=float),
            "is_immature": rows["is_immature"].eq(True).to_numpy(),
        },
        index=index,
    )
    if len(index):
        counted = counted.reindex(pd.period_range(index.min(), index.max(), freq="M", name="month"))
    counted["is_immature"] = counted["is_immature"].eq(True)
    return counted.assign(rate=counted["numerator"] / counted["denominator"])


def _assess(months: pd.DataFrame, counts: pd.DataFrame, limits: Limits, in_run: list[int]) -> pd.DataFrame:
    """Add limits and signals; months that do not count have none."""
    outside = pd.Series(is_beyond(counts["rate"], limits), index=counts.index)
    return months.assign(
        lower=pd.Series(limits.lower, index=counts.index),
        upper=pd.Series(limits.upper, index=counts.index),
        is_outside=outside.reindex(months.index, fill_value=False),
        is_in_run=np.isin(np.arange(len(months)), in_run),
    )
