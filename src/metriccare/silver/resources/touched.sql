-- Whom the changed resources name now, or named before: a patient, who may be nobody, or the encounter of a condition
-- that names no patient. Of an organization only the source.
WITH now AS (
    SELECT 'Patient' AS resource_type, source, id, id AS patient_id, NULL AS encounter_id FROM patient
    UNION ALL SELECT 'Encounter', source, id, patient_id, NULL FROM encounter
    UNION ALL SELECT 'Condition', source, id, patient_id, encounter_id FROM condition
    UNION ALL SELECT 'Organization', source, id, NULL, NULL FROM organization
), before AS (
    SELECT h.resource_type, h.source, h.id, if(h.resource_type = 'Patient', h.id, h.patient_id), h.encounter_id
    FROM held h
    SEMI JOIN now n ON n.resource_type = h.resource_type AND n.source = h.source AND n.id = h.id
)
SELECT DISTINCT resource_type, source, patient_id, if(patient_id IS NULL, encounter_id, NULL) AS encounter_id
FROM (FROM now UNION ALL FROM before)
