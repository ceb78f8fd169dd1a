-- How many stays of each stratum do not count, by the reason why not.
WITH by_reason AS (
    SELECT measure, profile, stratum, stratum_value, reason, sum(n)::BIGINT AS n
    FROM placed_cell
    GROUP BY ALL
)
SELECT measure, profile, stratum, stratum_value,
       coalesce(map_from_entries(list((reason, n) ORDER BY reason) FILTER (reason IS NOT NULL)), MAP {}) AS excluded
FROM by_reason
GROUP BY ALL
