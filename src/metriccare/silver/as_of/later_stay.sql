-- The stays that only facts after as_of make.
FROM known_stay k
SEMI JOIN later_patient p ON p.source = k.source AND p.patient_id IS NOT DISTINCT FROM k.patient_id
ANTI JOIN stay s ON s.source = k.source AND s.id = k.id
