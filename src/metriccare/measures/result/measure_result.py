"""gold.measure_result: numerators, denominators and rates by stratum."""

from collections.abc import Mapping
from datetime import date

import pyarrow as pa

from metriccare.definitions.schemas import GOLD_MEASURE_RESULT
from metriccare.engine import Reference
from metriccare.engine.schema import arrow_schema
from metriccare.measures.result.interval import with_intervals
from metriccare.measures.result.rates import RESULTS


def measure_results(cells: Mapping[str, pa.Table], as_of: date, run_id: str) -> pa.Table:
    """Make the results of cells.

    Args:
        cells: what `CELLS` and `NAMES` give; where they ran on parts of the rows, all that they gave. The cells are
            settled on a day that is not later than `as_of`.
        as_of: the cut in event time.
        run_id: the run that computes them.

    Returns:
        One row per measure, profile, stratum and stratum value; ratios of sums, never means of means.
    """
    rates = RESULTS.run(cells, Reference({"as_of": as_of, "run_id": run_id}))["measure_result"]
    schema = arrow_schema(GOLD_MEASURE_RESULT)
    return with_intervals(rates).select(schema.names).cast(schema)
