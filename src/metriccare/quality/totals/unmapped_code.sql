-- gold.unmapped_code: local codes that are not mapped, with one of their displays.
SELECT source, value_set, system, code, max(display) AS display, sum(rows) AS rows, getvariable('run_id') AS run_id
FROM unmapped_code
GROUP BY ALL
