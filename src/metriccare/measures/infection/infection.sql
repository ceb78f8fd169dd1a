-- Conditions with a code of the value set, by their first coding that is in it (MEASURES 3.3, 3.5).
WITH coding AS (
    SELECT source, id AS condition_id, unnest(codings) AS coding, generate_subscripts(codings, 1) AS position
    FROM live_condition
), coded AS (
    SELECT source, condition_id, coding.code AS code, known.category AS type, known.rule, known.display
    FROM coding
    JOIN code known ON known.value_set = 'infection' AND known.key = coding_key(coding)
    QUALIFY row_number() OVER (PARTITION BY source, condition_id ORDER BY position) = 1
)
SELECT k.*, c.encounter_id, c.patient_id, c.category_codes, c.verification_status, c.onset, c.recorded, c.body_sha256
FROM coded k
JOIN live_condition c ON c.source = k.source AND c.id = k.condition_id
