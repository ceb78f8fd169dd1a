-- The live conditions known by as_of, those of merged patients under the survivor's id.
SELECT c.* REPLACE (coalesce(s.survivor_id, c.patient_id) AS patient_id)
FROM condition c
LEFT JOIN survivor s ON s.source = c.source AND s.patient_id = c.patient_id
WHERE c.is_live AND (c.event_date IS NULL OR c.event_date <= getvariable('as_of'))
