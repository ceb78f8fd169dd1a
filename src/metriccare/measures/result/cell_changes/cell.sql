-- The cells, without what some of their stays added before.
SELECT measure, profile, hospital_id, month, age_band, sex_known, infection_type, code, reason, from_day, sum(n) AS n,
       sum(numerator_seconds) AS numerator_seconds, sum(denominator_seconds) AS denominator_seconds,
       sum(value_count) AS value_count, sum(value_seconds) AS value_seconds, sum(value_squares) AS value_squares
FROM (
    FROM cell
    UNION ALL BY NAME
    SELECT * REPLACE (
        -n AS n, -numerator_seconds AS numerator_seconds, -denominator_seconds AS denominator_seconds,
        -value_count AS value_count, -value_seconds AS value_seconds, -value_squares AS value_squares)
    FROM former_cell
)
GROUP BY ALL
HAVING sum(n) <> 0 OR sum(numerator_seconds) <> 0 OR sum(denominator_seconds) <> 0 OR sum(value_count) <> 0
    OR sum(value_seconds) <> 0 OR sum(value_squares) <> 0
