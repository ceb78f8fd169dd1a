"""How the places and codes of results are called."""

from metriccare.engine import Program, load_steps

HOSPITAL_DISPLAY = "hospital_id STRING, hospital_display STRING, admission_at TIMESTAMP, id STRING"
"""What is read of silver.stay."""
ORGANIZATION_NAME = "id STRING, is_live BOOLEAN, name STRING, version_order STRING"
"""What is read of silver.organization."""
CODE_NAME = "code STRING, display STRING"
"""What is read of gold.infection_event."""

NAMES = Program(
    takes={
        "code_name": CODE_NAME,
        "hospital_display": HOSPITAL_DISPLAY,
        "organization_name": ORGANIZATION_NAME,
    },
    steps=load_steps(__name__, "code_name", "hospital_display", "organization_name"),
    gives={
        "code_name": CODE_NAME,
        "hospital_display": HOSPITAL_DISPLAY,
        "organization_name": ORGANIZATION_NAME,
    },
)
"""Find the names in rows of the tables. Names of parts may be given again, as rows."""
