-- silver.organization: one row per organization ever seen, whose name is joined only when showing.
SELECT * EXCLUDE (r), NOT is_deletion AS is_live, r.name AS name,
       CASE WHEN is_deletion THEN [] ELSE there([flag(r.name IS NULL, 'name_missing'), stamp_flag]) END AS quality_flags
FROM organization_parsed
