-- The encounters that count, as those of the patient who survives a merge.
SELECT e.source, e.id, coalesce(s.survivor_id, e.patient_id) AS patient_id, received_at, status, part_of_id, hospital_id,
       class_kind, start_at, start_date, start_has_time, end_at, end_date, end_has_time,
       disposition_keys, is_from_hospice, reason_keys, diagnoses
FROM encounter e LEFT JOIN survivor s ON s.source = e.source AND s.patient_id = e.patient_id
WHERE is_live
