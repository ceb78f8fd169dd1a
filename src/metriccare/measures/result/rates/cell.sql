-- The cells at as_of: without what becomes known later. What adds up to nothing is not there.
SELECT measure, profile, hospital_id, month, age_band, sex_known, infection_type, code, reason, sum(n) AS n,
       sum(numerator_seconds) AS numerator_seconds, sum(denominator_seconds) AS denominator_seconds,
       sum(value_count) AS value_count, sum(value_seconds) AS value_seconds, sum(value_squares) AS value_squares
FROM cell
WHERE from_day IS NULL OR from_day <= getvariable('as_of')
GROUP BY ALL
HAVING sum(cell.n) <> 0
