-- The entries of `Encounter.diagnosis` by rank, then position, with the codings and the body hash of their conditions.
--
-- A condition of another patient is none of this one, whatever refers to it: it counts as one that is not known. One
-- that names nobody is of the patient of the encounter it names. A refuted one is no diagnosis (MEASURES 10.13).
WITH entry AS (
    SELECT source, id, patient_id, unnest(diagnoses) AS d, generate_subscripts(diagnoses, 1) AS place FROM member
)
SELECT e.source, e.id,
       list({
           'condition_id': d.condition_id, 'rank': d.rank, 'use_code': d.use_code,
           'present_on_admission': d.present_on_admission, 'body_sha256': c.body_sha256, 'codings': c.codings
       } ORDER BY e.d.rank NULLS LAST, e.place) AS diagnoses
FROM entry e
LEFT JOIN live_condition c ON c.source = e.source AND c.id = d.condition_id
    AND (c.patient_id = e.patient_id OR (c.patient_id IS NULL AND c.encounter_id = e.id))
    AND NOT is_refuted(c.verification_status)
GROUP BY e.source, e.id
