-- The stays that have begun by as_of: as they were made anew for the patients with later facts, as they are for all
-- others.
FROM stay
UNION ALL BY NAME
FROM known_stay k
ANTI JOIN later_patient p ON p.source = k.source AND p.patient_id IS NOT DISTINCT FROM k.patient_id
