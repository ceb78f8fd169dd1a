-- gold.coverage: in how many rows the fields that measures need are present; no share of no rows.
SELECT source, resource, field, sum(rows) AS rows, sum(present) AS present,
       sum(present) / nullif(sum(rows), 0) AS share, getvariable('run_id') AS run_id
FROM field_count
GROUP BY ALL
