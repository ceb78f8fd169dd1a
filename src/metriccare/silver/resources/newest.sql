-- The newest version of each resource.
--
-- A body that is known already changes nothing: of each the one that came first counts. The stamp belongs to it, since
-- two deletions at different times have the same body.
WITH first_arrival AS (
    SELECT * FROM version
    QUALIFY row_number() OVER (
        PARTITION BY source, resource_type, id, body_sha256, last_updated
        ORDER BY received_at, file_version, position) = 1
)
SELECT * FROM first_arrival
QUALIFY row_number() OVER (
    PARTITION BY source, resource_type, id ORDER BY version_order DESC, last_updated DESC NULLS LAST) = 1
