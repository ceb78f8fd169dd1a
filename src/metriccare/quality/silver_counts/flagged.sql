-- Every row of silver with its flags; a stay is neither live nor dead.
SELECT 'patient' AS name, is_live, quality_flags FROM patient
UNION ALL SELECT 'encounter', is_live, quality_flags FROM encounter
UNION ALL SELECT 'condition', is_live, quality_flags FROM condition
UNION ALL SELECT 'organization', is_live, quality_flags FROM organization
UNION ALL SELECT 'stay', NULL, quality_flags FROM stay
