-- Inpatient encounters that are part of another one: whether that one is a stay, or they are in none.
SELECT e.source, 'Encounter' AS resource, 'Encounter.partOf (of inpatients, leads to a stay)' AS field, 1 AS wanted,
       (m.id IS NOT NULL)::INTEGER AS present
FROM encounter e
LEFT JOIN member m ON m.source = e.source AND m.id = e.id
WHERE e.is_live AND e.class_kind <> 'not_inpatient' AND e.part_of_id <> e.id
