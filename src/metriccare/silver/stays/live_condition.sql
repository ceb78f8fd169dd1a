-- The live conditions, those of merged patients under the survivor's id.
SELECT c.* REPLACE (coalesce(s.survivor_id, c.patient_id) AS patient_id)
FROM condition c
LEFT JOIN survivor s ON s.source = c.source AND s.patient_id = c.patient_id
WHERE c.is_live
