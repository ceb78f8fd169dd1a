-- The codes of the principal diagnosis of each encounter (MEASURES 0.4.6).
WITH listed AS (
    SELECT source, encounter_id,
           min_by(keys, struct(by_rank, ord)) FILTER (WHERE rank = 1) AS ranked,
           min_by(keys, struct(by_rank, ord)) FILTER (WHERE role = 1) AS discharge,
           min_by(keys, struct(by_rank, ord)) FILTER (WHERE role = 2) AS billing,
           min_by(keys, struct(by_rank, ord)) FILTER (WHERE role = 3) AS complaint,
           CASE WHEN count(*) = 1 THEN any_value(keys) END AS only_one
    FROM diagnosis GROUP BY source, encounter_id
), own AS (
    SELECT e.source, e.id AS encounter_id, CASE WHEN count(*) = 1 THEN any_value(c.keys) END AS keys
    FROM known_condition c JOIN seen e ON e.source = c.source AND e.id = c.encounter_id
        AND (c.patient_id IS NULL OR c.patient_id = e.patient_id)
    WHERE (size(category_codes) = 0 OR array_contains(category_codes, 'encounter-diagnosis'))
        AND coalesce(c.verification_status, '') <> 'refuted'
    GROUP BY e.source, e.id
), candidates AS (
    SELECT e.source, e.id AS encounter_id,
           array(ranked, discharge, billing, complaint, only_one, e.reason_keys, own.keys) AS in_order
    FROM seen e LEFT JOIN listed ON listed.source = e.source AND listed.encounter_id = e.id
    LEFT JOIN own ON own.source = e.source AND own.encounter_id = e.id
)
SELECT source, encounter_id, filter(filter(in_order, keys -> size(keys) > 0)[0], key -> key IS NOT NULL) AS keys
FROM candidates
