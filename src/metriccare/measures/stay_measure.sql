-- gold.stay_measure: one row per stay and profile, with the decision on each measure.
SELECT *, getvariable('definition_version') AS definition_version, getvariable('run_id') AS run_id
FROM (FROM strict_decision UNION ALL BY NAME FROM plain_decision UNION ALL BY NAME FROM later_decision)
