-- Encounters that are a part of another one, with the one that is no part (MEASURES 0.1.3). One that is part of
-- itself, or in a cycle of the patient's own, is no segment. No way up is longer than the links there are.
WITH link AS (
    SELECT source, id, part_of_id, patient_id,
           CASE WHEN patient_id IS NULL THEN concat('encounter ', id) ELSE concat('patient ', patient_id) END AS kin
    FROM live_encounter WHERE part_of_id <> id
), kin AS (
    SELECT source, kin, map_from_entries(collect_list(struct(id, part_of_id))) AS above FROM link GROUP BY source, kin
), climbed AS (
    SELECT l.source, l.patient_id, l.id, aggregate(
        sequence(1, size(above)),
        struct(l.part_of_id AS reached, false AS is_cycle),
        (climb, hop) -> struct(
            coalesce(above[climb.reached], climb.reached) AS reached,
            climb.is_cycle OR coalesce(above[climb.reached], climb.reached) = l.id AS is_cycle)) AS climb
    FROM link l JOIN kin k ON k.source = l.source AND k.kin = l.kin
)
SELECT source, patient_id, id, climb.reached AS root_id FROM climbed WHERE NOT climb.is_cycle
