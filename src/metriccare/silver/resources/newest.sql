-- The newest version of each resource. `is_tied`: chosen by its hash, since nothing else tells it from another one that
-- came with it.
--
-- A body that is known already changes nothing: of each the one that came first counts. The stamp belongs to it, since
-- two deletions at different times have the same body.
WITH first_arrival AS (
    SELECT * FROM version
    QUALIFY row_number() OVER (
        PARTITION BY source, resource_type, id, body_sha256, last_updated
        ORDER BY received_at, file_version, position) = 1
)
SELECT *, NOT is_stamped AND min(body_sha256) OVER alike < max(body_sha256) OVER alike AS is_tied
FROM first_arrival
WINDOW alike AS (PARTITION BY source, resource_type, id, version_order[:-66])
QUALIFY row_number() OVER (
    PARTITION BY source, resource_type, id ORDER BY version_order DESC, last_updated DESC NULLS LAST) = 1
