-- The patients whose stays or decisions a fact after as_of may touch; null is nobody, who is a patient here too.
--
-- A condition without a patient is of the encounter it names.
WITH later_condition AS (
    SELECT c.source, coalesce(s.survivor_id, c.patient_id) AS patient_id, c.encounter_id
    FROM condition c
    LEFT JOIN survivor s ON s.source = c.source AND s.patient_id = c.patient_id
    WHERE c.event_date > getvariable('as_of')
), member AS (
    SELECT source, patient_id, unnest(encounter_ids) AS encounter_id FROM known_stay
)
SELECT source, patient_id
FROM known_stay
WHERE greatest(admission_date, discharge_date, death_date) > getvariable('as_of')
UNION
SELECT k.source, k.patient_id
FROM known_stay k
SEMI JOIN later_condition c ON c.source = k.source AND c.patient_id = k.patient_id
UNION
SELECT m.source, m.patient_id
FROM member m
SEMI JOIN later_condition c ON c.source = m.source AND c.encounter_id = m.encounter_id AND c.patient_id IS NULL
