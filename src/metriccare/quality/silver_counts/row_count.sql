-- How many rows each table has, live ones and tombstones; a stay is neither.
SELECT name, is_live, count(*) AS rows
FROM (
    SELECT 'patient' AS name, is_live FROM patient
    UNION ALL SELECT 'encounter', is_live FROM encounter
    UNION ALL SELECT 'condition', is_live FROM condition
    UNION ALL SELECT 'organization', is_live FROM organization
    UNION ALL SELECT 'stay', NULL FROM stay
)
GROUP BY ALL
