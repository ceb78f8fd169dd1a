"""Silver: one row per resource ever seen (newest version), and one per inpatient stay."""

from metriccare.definitions.schemas.fhir import CODING

RESOURCE = """
    source STRING, id STRING, is_live BOOLEAN, version_order STRING, last_updated STRING, version_id STRING,
    body_sha256 STRING, file STRING, file_version STRING, position STRING, received_at TIMESTAMP,
    batch_id STRING, quality_flags ARRAY<STRING>
"""

SILVER_PATIENT = f"""{RESOURCE},
    gender STRING, birth_date_text STRING, birth_date DATE, is_deceased BOOLEAN, death_date_text STRING,
    death_date DATE, replaced_by_id STRING, is_synthetic BOOLEAN
"""

DIAGNOSIS = "STRUCT<condition_id: STRING, rank: INT, use_code: STRING, present_on_admission: STRING>"

SILVER_ENCOUNTER = f"""{RESOURCE},
    patient_id STRING, status STRING, class_system STRING, class_code STRING,
    class_display STRING, class_kind STRING, types ARRAY<{CODING}>,
    priority_code STRING, part_of_id STRING, hospital_id STRING, hospital_display STRING,
    period_start STRING, period_end STRING, period_start_at TIMESTAMP, period_end_at TIMESTAMP,
    period_start_date DATE, period_end_date DATE, timezone STRING, has_times BOOLEAN,
    admit_source_code STRING, admit_sources ARRAY<{CODING}>, re_admission_code STRING,
    disposition_code STRING, dispositions ARRAY<{CODING}>, disposition_class STRING,
    reasons ARRAY<{CODING}>, diagnoses ARRAY<{DIAGNOSIS}>
"""

SILVER_CONDITION = f"""{RESOURCE},
    patient_id STRING, encounter_id STRING, codings ARRAY<{CODING}>, category_codes ARRAY<STRING>,
    clinical_status STRING, verification_status STRING, onset STRING, onset_date DATE,
    recorded STRING, recorded_date DATE, abatement_date DATE, event_date DATE
"""

SILVER_ORGANIZATION = f"{RESOURCE}, name STRING"

SILVER_STAY = f"""
    source STRING, id STRING, encounter_ids ARRAY<STRING>, body_sha256 STRING,
    patient_id STRING, is_patient_known BOOLEAN, sex STRING, birth_date DATE, age INT,
    is_deceased BOOLEAN, death_date DATE, patient_sha256 STRING,
    hospital_id STRING, hospital_display STRING, class_code STRING, is_acute BOOLEAN, is_open BOOLEAN,
    admission_at TIMESTAMP, admission_date DATE, discharge_at TIMESTAMP, discharge_date DATE,
    timezone STRING, has_times BOOLEAN, priority_code STRING, admit_source_code STRING, admit_source_class STRING,
    disposition_class STRING, has_dispositions BOOLEAN, is_cancer_hospital BOOLEAN,
    chain_id STRING, chain_position INT, chain_length INT,
    is_elective BOOLEAN, emergency_start_at TIMESTAMP, emergency_start_date DATE,
    principal_diagnosis {CODING}, principal_codings ARRAY<{CODING}>,
    principal_condition STRUCT<id: STRING, body_sha256: STRING>,
    diagnoses ARRAY<STRUCT<condition_id: STRING, rank: INT, use_code: STRING, present_on_admission: STRING,
                           body_sha256: STRING, codings: ARRAY<{CODING}>>>,
    quality_flags ARRAY<STRING>, received_at TIMESTAMP
"""

SILVER_PATIENT_CHANGE = "id STRING, scope STRING, source STRING, patient_id STRING, run_id STRING"
