"""Cells: what the stays of one hospital, month, age band, sex and reason add to a measure together.

All that the results are made of is exact and adds up (counts, whole seconds, decimals): strata are sums of cells, the
cells of the whole are those of its parts, one after the other, and what a part has added can be taken away.
"""

from metriccare.definitions.measures import DECISIONS, INFECTION
from metriccare.engine import Program, load_steps

_DECISION = "exclusion: STRING, matures_on: DATE, event_on: DATE, value: DOUBLE"
_READ = dict.fromkeys(DECISIONS, _DECISION) | {INFECTION: f"{_DECISION}, exclusions: ARRAY<STRING>"}
STAY_MEASURE = f"""
    source STRING, stay_id STRING, profile STRING, hospital_id STRING, admission_date DATE, discharge_date DATE,
    age INT, sex STRING, {", ".join(f"{name} STRUCT<{fields}>" for name, fields in _READ.items())}
"""
"""What is read of gold.stay_measure: the parts of a decision that are added up."""
INFECTION_EVENT = """
    source STRING, stay_id STRING, profile STRING, hospital_id STRING, type STRING, code STRING, event_date DATE,
    decision STRING
"""
PATIENT_DAY = (
    "source STRING, stay_id STRING, month STRING, hospital_id STRING, age INT, days INT, is_same_day BOOLEAN"
)

CELL = """
    measure STRING, profile STRING, hospital_id STRING, month STRING, age_band STRING, sex_known STRING,
    infection_type STRING, code STRING, reason STRING, from_day DATE, n BIGINT, numerator_seconds BIGINT,
    denominator_seconds BIGINT, value_count BIGINT, value_seconds BIGINT, value_squares DECIMAL(38, 12)
"""
BILLING_DAY = """
    profile STRING, hospital_id STRING, month STRING, billing_days DOUBLE, from_day DATE, n BIGINT
"""

DECISION_STEPS = load_steps(__name__, "stay", "unfolded", "later", "decision")
"""They make `decision`: each decision on a stay with the `reason` why it does not count at settled_on, and later."""

CELLS = Program(
    takes={
        "stay_measure": STAY_MEASURE,
        "infection_event": INFECTION_EVENT,
        "patient_day": PATIENT_DAY,
    },
    steps=(
        *DECISION_STEPS,
        *load_steps(__name__, "stay_cell", "onset", "onset_share", "census_share", "cell", "billing_day"),
    ),
    gives={"cell": CELL, "billing_day": BILLING_DAY},
)
"""Add up the decisions; the rows of a stay must be given together.

What is known at the value `settled_on` has no `from_day`. What becomes known later is added and taken away from its day
on, so that the cells up to any later `as_of` add up to those of that day.

`month` is YYYY-MM of the discharge, of the census month or of the event. Numerators, denominators and values are sums
in seconds (an event counts as a day), squares exact decimals of days; `value_count` counts the rows that have a value.
`billing_day` counts the stays by their billing days.
"""
