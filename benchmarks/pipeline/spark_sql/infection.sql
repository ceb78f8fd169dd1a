-- The conditions with a code of an infection; the first such code counts.
WITH coded AS (
    SELECT c.source, c.id AS condition_id, patient_id, encounter_id, category_codes, verification_status, event_date,
           k.category AS type, k.rule, k.key, row_number() OVER (PARTITION BY c.source, c.id ORDER BY ord) AS place
    FROM (SELECT *, posexplode(keys) AS (ord, coded_key) FROM known_condition) c
    JOIN code k ON k.value_set = 'infection' AND k.key = c.coded_key
)
SELECT * FROM coded WHERE place = 1
