-- The diagnoses that the stays' encounters list, with their codes.
WITH entry AS (
    SELECT source, id AS encounter_id, patient_id, ord, d
    FROM seen LATERAL VIEW posexplode(diagnoses) AS ord, d
)
SELECT e.source, e.encounter_id, e.patient_id, ord, d.condition_id, d.present_on_admission, c.keys,
       d.rank, coalesce(d.rank, 2147483647) AS by_rank, role.position AS role
FROM entry e
LEFT JOIN known_condition c ON c.source = e.source AND c.id = d.condition_id AND (
    c.patient_id = e.patient_id OR (c.patient_id IS NULL AND c.encounter_id = e.encounter_id))
    AND coalesce(c.verification_status, '') <> 'refuted'
LEFT JOIN code role ON role.value_set = 'diagnosis_role' AND role.code = d.use_code
