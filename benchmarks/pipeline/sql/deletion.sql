-- Bundles that only delete, as bulk export writes them: one row per entry. A Bundle that holds anything else, or a
-- deletion by search, is refused as a whole.
CREATE TEMP TABLE deletion AS
WITH entry AS (
    SELECT source, rowid AS bundle, entry, unnest(from_json(entry, '["JSON"]')) AS text, meta, "timestamp"
    FROM record WHERE resourceType = 'Bundle' AND bundle_type IN ('transaction', 'batch')
), part AS (
    SELECT source, bundle, sha256(text::VARCHAR) AS sha256, text ->> '$.request.method' AS method,
           regexp_extract(text ->> '$.request.url', '^([A-Za-z]+)/([^/?#\s]+)$', ['type', 'id']) AS target,
           coalesce(nullif(trim(text ->> '$.response.lastModified'), ''), nullif(trim(meta.lastUpdated), ''),
                    nullif(trim("timestamp"), '')) AS last_updated
    FROM entry
), whole AS (
    SELECT bundle FROM part LEFT JOIN code ON value_set = 'resource_type' AND code.code = target.type
    GROUP BY bundle HAVING bool_and(coalesce(method = 'DELETE' AND target.id <> '' AND code.code IS NOT NULL, false))
)
SELECT source, target.type AS resource_type, target.id AS id, last_updated, sha256
FROM part WHERE bundle IN (FROM whole);
