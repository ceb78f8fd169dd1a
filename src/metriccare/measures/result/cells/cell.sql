-- What all shares of one cell add up to. Every result is a sum of cells, whatever its stratum; all sums are exact.
SELECT measure, profile, hospital_id, month, age_band, sex_known, infection_type, code, reason,
       sum(n) AS n, sum(numerator_seconds) AS numerator_seconds, sum(denominator_seconds) AS denominator_seconds,
       sum(value_count) AS value_count, sum(value_seconds) AS value_seconds, sum(value_squares) AS value_squares
FROM share
GROUP BY ALL
