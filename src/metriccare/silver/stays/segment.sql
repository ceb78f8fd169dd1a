-- Segments: encounters that are a part (an ICU or ward leg) of another one of the same patient (MEASURES 0.1.3).
--
-- `root_id` is the encounter at the top of `partOf`, which may be unknown, or another patient's: then the two can't be
-- told apart by the records of one patient, and the segment is of no stay. An encounter that is part of itself, or in a
-- cycle, is no segment: it must not get lost. An encounter without a patient has no kin.
WITH RECURSIVE link AS (
    SELECT source, patient_id, coalesce('patient ' || patient_id, 'encounter ' || id) AS kin, id, part_of_id
    FROM live_encounter
    WHERE part_of_id <> id
), climb AS (
    SELECT source, patient_id, kin, id, part_of_id AS reached, false AS in_cycle, 0 AS hop,
           count(*) OVER (PARTITION BY source, kin) AS hops  -- no way up is longer than the links there are
    FROM link
    UNION ALL
    SELECT c.source, c.patient_id, c.kin, c.id, above.part_of_id, c.in_cycle OR above.part_of_id = c.id, hop + 1, hops
    FROM climb c
    JOIN link above ON above.source = c.source AND above.kin = c.kin AND above.id = c.reached
    WHERE hop < hops AND NOT c.in_cycle
)
SELECT source, patient_id, id, reached AS root_id
FROM climb
QUALIFY row_number() OVER (PARTITION BY source, kin, id ORDER BY hop DESC) = 1 AND NOT in_cycle
