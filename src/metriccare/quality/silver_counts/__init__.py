"""What is counted over all rows of silver, in one pass: coverage, unmapped codes, and what became of encounters."""

from metriccare.definitions.schemas.fhir import CODING
from metriccare.engine import Program, load_steps

_FIELDS = (
    "patient_field",
    "encounter_field",
    "part_field",
    "stay_field",
    "condition_field",
    "infection_field",
    "version_field",
)

UNMAPPED_CODE = "source STRING, value_set STRING, system STRING, code STRING, display STRING, rows BIGINT"
_UNMAPPED_STEPS = load_steps(__name__, "unmapped_class", "unmapped_disposition", "unmapped_code")

SILVER_COUNTS = Program(
    takes={
        "patient": """source STRING, is_live BOOLEAN, quality_flags ARRAY<STRING>, gender STRING, birth_date DATE,
            is_deceased BOOLEAN, death_date DATE, is_synthetic BOOLEAN""",
        "encounter": f"""source STRING, id STRING, is_live BOOLEAN, quality_flags ARRAY<STRING>, status STRING,
            class_system STRING, class_code STRING, class_display STRING, class_kind STRING, part_of_id STRING,
            hospital_id STRING, period_start STRING, period_end STRING, period_start_date DATE,
            period_end_date DATE, timezone STRING, has_times BOOLEAN, dispositions ARRAY<{CODING}>""",
        "condition": """source STRING, is_live BOOLEAN, quality_flags ARRAY<STRING>, encounter_id STRING,
            verification_status STRING, codings ARRAY<STRUCT<system: STRING>>""",
        "organization": "is_live BOOLEAN",
        "stay": f"""source STRING, is_open BOOLEAN, is_patient_known BOOLEAN, quality_flags ARRAY<STRING>,
            disposition_class STRING, has_dispositions BOOLEAN, principal_diagnosis {CODING},
            diagnoses ARRAY<STRUCT<present_on_admission: STRING>>""",
        "member": "source STRING, id STRING",
        "infection_event": "source STRING, stay_id STRING, condition_id STRING, event_date DATE",
    },
    steps=(
        *load_steps(__name__, *_FIELDS, "field_count"),
        *_UNMAPPED_STEPS,
        *load_steps(__name__, "encounter_outcome", "row_count", "synthetic"),
    ),
    gives={
        "field_count": "source STRING, resource STRING, field STRING, rows BIGINT, present BIGINT",
        "unmapped_code": UNMAPPED_CODE,
        "encounter_outcome": "outcome STRING, rows BIGINT",
        "row_count": "name STRING, is_live BOOLEAN, rows BIGINT",
        "synthetic": "is_synthetic BOOLEAN",
    },
)
"""Count the rows of the silver tables, and of gold.infection_event.

`member` are the encounters of the stays. An encounter must be given together with the members of its id, the events of
a condition of a stay together. Counts of parts add up.
"""

UNMAPPED_CODES = Program(
    takes={
        "encounter": f"""source STRING, id STRING, is_live BOOLEAN, quality_flags ARRAY<STRING>, class_system STRING,
            class_code STRING, class_display STRING, class_kind STRING, dispositions ARRAY<{CODING}>""",
        "stay": "source STRING, encounter_ids ARRAY<STRING>",
    },
    steps=(*load_steps(__name__, "member"), *_UNMAPPED_STEPS),
    gives={"unmapped_code": UNMAPPED_CODE},
)
"""Count the codes that have no effect because they are not mapped, of all encounters and stays: those of gold."""
