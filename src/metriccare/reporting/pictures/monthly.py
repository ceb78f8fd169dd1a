"""The months of a control chart: which count, where the centre and limits lie, and which months stand out."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from metriccare.reporting.pictures.canvas import FIRST_MONTH, LAST_MONTH, rows_of
from metriccare.reporting.pictures.limits import Limits, is_beyond, p_chart_limits, u_chart_limits
from metriccare.reporting.pictures.run_rule import long_runs


@dataclass(frozen=True)
class Process:
    """One row per calendar month, without leaving one out, and the centre (None without a complete month).

    Columns of `months` (index: month as a pandas period): `rate` (NaN: no result, or hidden), `is_immature`,
    `lower`, `upper` (NaN for months that are not judged), `is_outside`, `is_in_run`. Unit: share, or events per unit.
    `runs`: the first and the last month of each long run.
    """

    months: pd.DataFrame
    centre: float | None
    runs: tuple[tuple[pd.Period, pd.Period], ...] = ()

    @property
    def judged(self) -> pd.DataFrame:
        """The months that count: with a result, and complete in their follow-up."""
        return self.months[self.months["rate"].notna() & ~self.months["is_immature"]]


def process_of(results: pd.DataFrame, measure: str, *, is_proportion: bool) -> Process:
    """Return the months of a measure, held against their own centre.

    The centre is the sum of the numerators over the sum of the denominators, never the mean of the rates. A month
    whose follow-up is not complete has part of its stays only: it is shown, but neither counted nor judged.

    Args:
        results: rows of gold.measure_published of one profile and one as_of.
        measure: the measure.
        is_proportion: whether limits are those of a p-chart (else of a u-chart).
    """
    months = _calendar(rows_of(results, measure, "month"))
    counts = months[months["rate"].notna() & ~months["is_immature"]]
    if counts.empty:
        unjudged = {"lower": np.nan, "upper": np.nan, "is_outside": False, "is_in_run": False}
        return Process(months.assign(**unjudged), None)
    centre = float(counts["numerator"].sum() / counts["denominator"].sum())
    limits = (p_chart_limits if is_proportion else u_chart_limits)(centre, counts["denominator"].to_numpy())
    runs = long_runs(counts["rate"].reindex(months.index).tolist(), centre)
    spans = tuple((months.index[run[0]], months.index[run[-1]]) for run in runs)
    return Process(_judged(months, counts, limits, [at for run in runs for at in run]), centre, spans)


def number_undrawn(results: pd.DataFrame, measure: str) -> int:
    """Count the months that have a result and lie before or after what can be drawn."""
    rows = rows_of(results, measure, "month")
    return int((~rows["stratum_value"].between(FIRST_MONTH, LAST_MONTH)).sum())


def _calendar(rows: pd.DataFrame) -> pd.DataFrame:
    """Index by month from the first to the last that can be drawn, with a row for months that have no result."""
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


def _judged(months: pd.DataFrame, counts: pd.DataFrame, limits: Limits, in_run: list[int]) -> pd.DataFrame:
    """Add limits and signals; months that do not count get none."""
    outside = pd.Series(is_beyond(counts["rate"], limits), index=counts.index)
    return months.assign(
        lower=pd.Series(limits.lower, index=counts.index),
        upper=pd.Series(limits.upper, index=counts.index),
        is_outside=outside.reindex(months.index, fill_value=False),
        is_in_run=np.isin(np.arange(len(months)), in_run),
    )
