-- How many rows of each table have each flag.
SELECT name, flag, count(*) AS rows FROM (SELECT name, unnest(quality_flags) AS flag FROM flagged) GROUP BY ALL
