-- How often each code that is not mapped occurs, with one of its displays. Hudi 0.15 allows no empty part of a key.
SELECT source, value_set, coalesce(nullif(system, ''), '(none)') AS system,
       coalesce(nullif(code, ''), '(none)') AS code, max(display) AS display, count(*) AS rows
FROM (FROM unmapped_class UNION ALL BY NAME FROM unmapped_disposition)
GROUP BY ALL
