-- Encounters that are a part of another one, with the one that is no part (MEASURES 0.1.3). One that is part of
-- itself, or in a cycle of the patient's own, is no segment. No way up is longer than the links there are.
CREATE TEMP TABLE segment AS
WITH RECURSIVE link AS (
    SELECT source, id, part_of_id, patient_id,
           CASE WHEN patient_id IS NULL THEN 'encounter ' || id ELSE 'patient ' || patient_id END AS kin
    FROM live_encounter WHERE part_of_id <> id
), climb AS (
    SELECT source, kin, id, patient_id, part_of_id AS reached, false AS is_cycle, 0 AS hop,
           count(*) OVER (PARTITION BY source, kin) AS hops
    FROM link
    UNION ALL
    SELECT c.source, c.kin, c.id, c.patient_id, coalesce(above.part_of_id, c.reached),
           is_cycle OR coalesce(above.part_of_id, c.reached) = c.id, hop + 1, hops
    FROM climb c LEFT JOIN link above ON above.source = c.source AND above.kin = c.kin AND above.id = c.reached
    WHERE hop < hops
)
SELECT source, patient_id, id, reached AS root_id FROM climb WHERE hop = hops AND NOT is_cycle;
