-- How many rows of each table have each flag; the most frequent first.
WITH size AS (SELECT name, sum(rows) AS rows FROM row_count GROUP BY name)
SELECT f.name AS "table", f.flag, sum(f.rows)::BIGINT AS rows, round(sum(f.rows) / any_value(s.rows), 4) AS share
FROM flag_count f
JOIN size s ON s.name = f.name
GROUP BY ALL
ORDER BY "table", rows DESC, flag
