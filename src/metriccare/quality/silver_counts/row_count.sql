-- How many rows each table has, live ones and tombstones.
SELECT name, is_live, count(*) AS rows FROM flagged GROUP BY ALL
