"""Cells: what the stays of one hospital, month, age band, sex and reason add to a measure together.

All that the results are made of is exact and adds up (counts, whole seconds, decimals): strata are sums of cells, and
the cells of the whole are those of its parts, one after the other.
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
    source STRING, stay_id STRING, profile STRING, hospital_id STRING, type STRING, code STRING, display STRING,
    event_date DATE, decision STRING
"""
PATIENT_DAY = (
    "source STRING, stay_id STRING, month STRING, hospital_id STRING, age INT, days INT, is_same_day BOOLEAN"
)
HOSPITAL_DISPLAY = "hospital_id STRING, hospital_display STRING, admission_at TIMESTAMP, id STRING"
"""What is read of silver.stay."""
ORGANIZATION_NAME = "id STRING, is_live BOOLEAN, name STRING, version_order STRING"
"""What is read of silver.organization."""

CELL = """
    measure STRING, profile STRING, hospital_id STRING, month STRING, age_band STRING, sex_known STRING,
    infection_type STRING, code STRING, reason STRING, n BIGINT, numerator_seconds BIGINT, denominator_seconds BIGINT,
    value_count BIGINT, value_seconds BIGINT, value_squares DECIMAL(38, 12)
"""
BILLING_DAY = "profile STRING, hospital_id STRING, month STRING, billing_days DOUBLE, n BIGINT"
CODE_NAME = "code STRING, display STRING"

NAME_STEPS = load_steps(__name__, "hospital_display", "organization_name")
DECISION_STEPS = load_steps(__name__, "stay", "decision")
"""They make `decision`: one row per stay, profile and decision, with the `reason` why it does not count at as_of."""

CELLS = Program(
    takes={
        "stay_measure": STAY_MEASURE,
        "infection_event": INFECTION_EVENT,
        "patient_day": PATIENT_DAY,
        "hospital_display": HOSPITAL_DISPLAY,
        "organization_name": ORGANIZATION_NAME,
    },
    steps=(
        *DECISION_STEPS,
        *load_steps(
            __name__,
            "stay_share",
            "onset",
            "onset_share",
            "census_share",
            "share",
            "cell",
            "billing_day",
            "code_name",
        ),
        *NAME_STEPS,
    ),
    gives={
        "cell": CELL,
        "billing_day": BILLING_DAY,
        "code_name": CODE_NAME,
        "hospital_display": HOSPITAL_DISPLAY,
        "organization_name": ORGANIZATION_NAME,
    },
)
"""Add up the decisions at the value `as_of`; the rows of a stay must be given together.

Gives what `measures.measure_results` takes. `month` is YYYY-MM of the discharge, of the census month or of the event.
Numerators, denominators and values are sums in seconds (an event counts as a day), squares exact decimals of days;
`value_count` counts the rows that have a value. `billing_day` counts the stays by their billing days.
"""
