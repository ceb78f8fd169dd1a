-- Numerator, denominator and deviation of each stratum: of what counts.
SELECT measure, profile, stratum, stratum_value,
       sum(numerator_seconds) / 86400 AS numerator, sum(denominator_seconds) / 86400 AS denominator,
       deviation(sum(value_count), sum(value_seconds) / 86400, sum(value_squares)::DOUBLE) AS deviation
FROM placed_cell
WHERE reason IS NULL
GROUP BY ALL
