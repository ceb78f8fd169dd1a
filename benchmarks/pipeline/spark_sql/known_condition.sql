-- The live conditions up to as_of, as those of the patient who survives a merge.
SELECT c.source, c.id, coalesce(s.survivor_id, c.patient_id) AS patient_id, encounter_id, keys, category_codes,
       verification_status, event_date
FROM condition c LEFT JOIN survivor s ON s.source = c.source AND s.patient_id = c.patient_id
WHERE is_live AND (event_date IS NULL OR event_date <= :as_of)
