-- gold.measure_result without the intervals. A stratum is shown by the name of its hospital or code, else as it is.
--
-- A month or year is immature while some of its stays lack their 30 days of follow-up at as_of.
WITH part AS (
    SELECT *, CASE WHEN stratum IN ('hospital', 'hospital_year') THEN split_part(stratum_value, '|', 1) END
               AS hospital_id,
           CASE WHEN stratum = 'hospital_year' THEN split_part(stratum_value, '|', 2) END AS year,
           CASE WHEN stratum = 'code' THEN stratum_value END AS code
    FROM rate
)
SELECT p.*, coalesce(coalesce(h.name, p.hospital_id) || ', ' || p.year, h.name, c.display, p.stratum_value)
           AS stratum_display,
       getvariable('as_of') AS as_of, false AS is_suppressed, p.denominator < 25 AS is_too_few,
       p.stratum IN ('month', 'year', 'hospital_year') AND coalesce(p.excluded['follow_up_incomplete'], 0) > 0
           AS is_immature,
       getvariable('definition_version') AS definition_version, getvariable('run_id') AS run_id
FROM part p
LEFT JOIN hospital_name h ON h.hospital_id = p.hospital_id
LEFT JOIN code_name c ON c.code = p.code
