-- The live patients with a link of type replaced-by, and the last patient of the chain of links that begins with each.
--
-- A patient whose links lead into a cycle has no survivor, and stays by itself (`in_cycle`). A survivor that is
-- unknown, or deleted, is one all the same: the stays wait for it as those of an unknown patient. Each round takes the
-- step that was taken from where a patient has come to, so that a chain of a thousand links takes ten.
WITH RECURSIVE link AS (
    SELECT source, id AS patient_id, replaced_by_id AS next_id
    FROM patient
    WHERE is_live AND replaced_by_id IS NOT NULL
), step AS (
    SELECT source, patient_id, next_id AS reached_id, 0 AS round FROM link
    UNION ALL
    SELECT s.source, s.patient_id, coalesce(further.reached_id, s.reached_id), s.round + 1
    FROM step s
    LEFT JOIN step further ON further.source = s.source AND further.patient_id = s.reached_id
    WHERE s.round < (SELECT ceil(log2(count(*) + 1)) FROM link)
), last AS (
    SELECT source, patient_id, reached_id FROM step QUALIFY round = max(round) OVER ()
)
SELECT l.source, l.patient_id, if(beyond.patient_id IS NULL, l.reached_id, l.patient_id) AS survivor_id,
       beyond.patient_id IS NOT NULL AS in_cycle
FROM last l
LEFT JOIN link beyond ON beyond.source = l.source AND beyond.patient_id = l.reached_id
