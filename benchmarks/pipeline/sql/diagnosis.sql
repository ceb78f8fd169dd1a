-- The diagnoses of the stays' encounters with their codes, and the principal one of each (MEASURES 0.4.6).
CREATE TEMP VIEW known_condition AS
SELECT c.* REPLACE (coalesce(s.survivor_id, c.patient_id) AS patient_id)
FROM condition c LEFT JOIN survivor s ON s.source = c.source AND s.patient_id = c.patient_id
WHERE is_live AND (event_date IS NULL OR event_date <= getvariable('as_of'));

CREATE TEMP TABLE diagnosis AS
WITH entry AS (
    SELECT source, id AS encounter_id, patient_id, unnest(diagnoses) AS d, generate_subscripts(diagnoses, 1) AS ord
    FROM seen
)
SELECT e.source, e.encounter_id, e.patient_id, ord, d.condition_id, d.present_on_admission, c.codings,
       d.rank, coalesce(d.rank, 2147483647) AS by_rank, role.position AS role
FROM entry e LEFT JOIN known_condition c ON c.source = e.source AND c.id = d.condition_id AND (
    c.patient_id = e.patient_id OR (c.patient_id IS NULL AND c.encounter_id = e.encounter_id))
    AND c.verification_status IS DISTINCT FROM 'refuted'  -- no diagnosis (10.13)
LEFT JOIN code role ON role.value_set = 'diagnosis_role' AND role.code = d.use_code;

CREATE TEMP TABLE principal AS
WITH listed AS (
    SELECT source, encounter_id,
           arg_min_null(codings, (by_rank, ord)) FILTER (rank = 1) AS ranked,
           arg_min_null(codings, (by_rank, ord)) FILTER (role = 1) AS discharge,
           arg_min_null(codings, (by_rank, ord)) FILTER (role = 2) AS billing,
           arg_min_null(codings, (by_rank, ord)) FILTER (role = 3) AS complaint,
           CASE WHEN count(*) = 1 THEN any_value(codings) END AS only_one
    FROM diagnosis GROUP BY source, encounter_id
), own AS (
    SELECT e.source, e.id AS encounter_id, CASE WHEN count(*) = 1 THEN any_value(codings) END AS codings
    FROM known_condition c JOIN seen e ON e.source = c.source AND e.id = c.encounter_id
        AND (c.patient_id IS NULL OR c.patient_id = e.patient_id)
    WHERE (len(category_codes) = 0 OR list_contains(category_codes, 'encounter-diagnosis'))
        AND verification_status IS DISTINCT FROM 'refuted'
    GROUP BY ALL
), chosen AS (
    SELECT e.source, e.id AS encounter_id, coalesce(coded(ranked), coded(discharge), coded(billing),
        coded(complaint), coded(only_one), coded(e.reasons), coded(own.codings)) AS codings
    FROM seen e LEFT JOIN listed ON listed.source = e.source AND listed.encounter_id = e.id
    LEFT JOIN own ON own.source = e.source AND own.encounter_id = e.id
)
SELECT source, encounter_id,
       list_transform(list_filter(codings, lambda c: c.code IS NOT NULL), lambda c: coding_key(c)) AS keys
FROM chosen;
