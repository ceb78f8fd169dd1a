"""Gold: what each stay counts for, and the numbers."""

from metriccare.definitions.measures import DECISIONS

EVIDENCE = "STRUCT<role: STRING, source: STRING, type: STRING, id: STRING, body_sha256: STRING>"

DECISION = f"""STRUCT<
    initial_population: BOOLEAN, denominator: BOOLEAN, exclusion: STRING, exclusions: ARRAY<STRING>,
    numerator: BOOLEAN, value: DOUBLE, matures_on: DATE, event_on: DATE, evidence: ARRAY<{EVIDENCE}>>"""

GOLD_STAY_MEASURE = f"""
    source STRING, stay_id STRING, profile STRING, patient_id STRING, hospital_id STRING,
    admission_date DATE, discharge_date DATE, age INT, sex STRING,
    {", ".join(f"{name} {DECISION}" for name in DECISIONS)}, quality_flags ARRAY<STRING>,
    definition_version STRING, run_id STRING
"""

GOLD_INFECTION_EVENT = """
    source STRING, stay_id STRING, condition_id STRING, profile STRING, patient_id STRING, hospital_id STRING,
    type STRING, code STRING, display STRING, event_date DATE, hospital_day INT, present_on_admission STRING,
    decision STRING, reason STRING, body_sha256 STRING, definition_version STRING, run_id STRING
"""

GOLD_PATIENT_DAY = """
    source STRING, stay_id STRING, month STRING, patient_id STRING, hospital_id STRING, age INT,
    days INT, is_same_day BOOLEAN, is_open BOOLEAN, run_id STRING
"""

GOLD_MEASURE_RESULT = """
    measure STRING, profile STRING, stratum STRING, stratum_value STRING, stratum_display STRING, as_of DATE,
    numerator DOUBLE, denominator DOUBLE, rate DOUBLE, ci_low DOUBLE, ci_high DOUBLE, ci_method STRING,
    expected DOUBLE, observed_expected DOUBLE,
    observed_expected_ci_low DOUBLE, observed_expected_ci_high DOUBLE, excluded MAP<STRING, BIGINT>,
    is_suppressed BOOLEAN, is_too_few BOOLEAN, is_immature BOOLEAN, definition_version STRING, run_id STRING
"""

GOLD_RUN = """
    run_id STRING, run_at TIMESTAMP, as_of DATE, definition_version STRING, is_synthetic BOOLEAN,
    files BIGINT, records BIGINT, accepted MAP<STRING, BIGINT>, skipped MAP<STRING, BIGINT>,
    quarantined MAP<STRING, BIGINT>, duplicates MAP<STRING, BIGINT>, superseded MAP<STRING, BIGINT>,
    tombstones MAP<STRING, BIGINT>, live MAP<STRING, BIGINT>, encounters MAP<STRING, BIGINT>,
    stays BIGINT, results BIGINT
"""

GOLD_COVERAGE = """
    source STRING, resource STRING, field STRING, rows BIGINT, present BIGINT, share DOUBLE, run_id STRING
"""

GOLD_UNMAPPED_CODE = """
    source STRING, value_set STRING, system STRING, code STRING, display STRING, rows BIGINT, run_id STRING
"""
