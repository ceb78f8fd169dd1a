-- The patients whose stays or decisions may be others at an as_of not before this one.
FROM later_patient
UNION
SELECT source, patient_id FROM known_stay WHERE is_open
