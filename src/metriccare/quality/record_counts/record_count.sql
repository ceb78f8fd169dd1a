-- How many records of each type there are; of those, how many are of replays, how many different versions of resources
-- they are, and of how many resources.
SELECT resource_type, count(*) AS records, count(*) FILTER (starts_with(batch_id, 'replay-')) AS replays,
       count(DISTINCT (source, resource_id, body_sha256, coalesce(last_updated, ''))) FILTER (body_sha256 IS NOT NULL)
           AS versions,
       count(DISTINCT (source, resource_id)) AS resources
FROM record
GROUP BY ALL
