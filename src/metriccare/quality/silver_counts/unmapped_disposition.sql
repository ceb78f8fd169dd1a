-- The dispositions that are not mapped, of live encounters in stays (MEASURES 0.3).
SELECT source, 'discharge_disposition' AS value_set, unnest(dispositions, recursive := true)
FROM encounter
SEMI JOIN member USING (source, id)
WHERE is_live AND list_contains(quality_flags, 'disposition_unmapped')
