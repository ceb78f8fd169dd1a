-- Patients replaced by others are one with the last of the chain; one whose links lead into a cycle stays alone.
CREATE TEMP TABLE survivor AS
WITH RECURSIVE link AS (
    SELECT source, id AS patient_id, replaced_by_id AS reached FROM patient WHERE is_live AND replaced_by_id IS NOT NULL
), walk AS (
    SELECT * FROM link
    UNION
    SELECT w.source, w.patient_id, l.reached FROM walk w JOIN link l ON l.source = w.source AND l.patient_id = w.reached
)
SELECT source, patient_id, reached AS survivor_id FROM walk
ANTI JOIN link ON link.source = walk.source AND link.patient_id = walk.reached;

CREATE TEMP VIEW live_encounter AS
SELECT e.* REPLACE (coalesce(s.survivor_id, e.patient_id) AS patient_id)
FROM encounter e LEFT JOIN survivor s ON s.source = e.source AND s.patient_id = e.patient_id WHERE is_live;
