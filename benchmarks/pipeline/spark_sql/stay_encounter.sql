-- Which encounters belong to a stay: those it is made of, and their segments.
WITH own AS (SELECT source, patient_id, id AS stay_id, explode(encounter_ids) AS encounter_id FROM stay)
SELECT * FROM own
UNION ALL
SELECT o.source, o.patient_id, o.stay_id, s.id
FROM own o JOIN segment s ON s.source = o.source AND s.root_id = o.encounter_id AND s.patient_id = o.patient_id
