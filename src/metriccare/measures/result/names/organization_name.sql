-- The name of each live Organization; of sources that share an id the newest version's.
SELECT id, arg_max_null(name, version_order) AS name, max(version_order) AS version_order, true AS is_live
FROM organization_name
WHERE is_live
GROUP BY id
