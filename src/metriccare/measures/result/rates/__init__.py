"""Rates: the cells added up by stratum, with expected events and names."""

from metriccare.engine import Program, load_steps
from metriccare.measures.result.cells import CELLS
from metriccare.measures.result.names import NAMES

RATE = """
    measure STRING, profile STRING, stratum STRING, stratum_value STRING, stratum_display STRING, as_of DATE,
    numerator DOUBLE, denominator DOUBLE, rate DOUBLE, expected DOUBLE, deviation DOUBLE, log_mean DOUBLE,
    log_deviation DOUBLE, excluded MAP<STRING, BIGINT>, is_suppressed BOOLEAN, is_too_few BOOLEAN, is_immature BOOLEAN,
    definition_version STRING, run_id STRING
"""

RESULTS = Program(
    takes={**CELLS.gives, **NAMES.gives},
    steps=(
        *load_steps(
            __name__,
            "cell",
            "billing_day",
            "stratum",
            "placed_cell",
            "counted",
            "excluded",
            "billing",
            "expected",
            "stratum_sum",
            "rate",
        ),
        *NAMES.steps,
        *load_steps(__name__, "hospital_name", "measure_result"),
    ),
    gives={"measure_result": RATE},
)
"""Make the rates of cells at the values `as_of` and `run_id`: one row per measure, profile, stratum and stratum value.

`deviation`, `log_mean` and `log_deviation` are those of the days of a stay, for the intervals.
"""
