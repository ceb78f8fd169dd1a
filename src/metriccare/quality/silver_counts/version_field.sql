-- Resources of which several versions came together and nothing says which is the newest.
SELECT source, 'Resource' AS resource, 'meta.lastUpdated (where versions came together)' AS field, 1 AS wanted,
       0 AS present
FROM (
    SELECT source, is_live, quality_flags FROM patient
    UNION ALL BY NAME SELECT source, is_live, quality_flags FROM encounter
    UNION ALL BY NAME SELECT source, is_live, quality_flags FROM condition
)
WHERE is_live AND list_contains(quality_flags, 'version_order_unknown')
