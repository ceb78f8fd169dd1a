-- The strata that a place, a month and an infection belong to: a row for each.
--
-- A stay without discharge belongs to no month and no year; only infections belong to a type and a code.
WITH place AS (
    SELECT DISTINCT hospital_id, month, infection_type, code,
           coalesce(hospital_id, 'unknown') AS hospital, split_part(month, '-', 1) AS year
    FROM cell
), listed AS (
    SELECT *, unnest([
        {'stratum': 'all', 'stratum_value': 'all'},
        {'stratum': 'hospital', 'stratum_value': hospital},
        {'stratum': 'month', 'stratum_value': month},
        {'stratum': 'year', 'stratum_value': year},
        {'stratum': 'hospital_year', 'stratum_value': hospital || '|' || year},
        {'stratum': 'infection_type', 'stratum_value': infection_type},
        {'stratum': 'code', 'stratum_value': code}
    ], recursive := true)
    FROM place
)
SELECT * EXCLUDE (hospital, year) FROM listed WHERE stratum_value IS NOT NULL
