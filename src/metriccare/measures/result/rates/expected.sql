-- Observed against expected: indirect standardisation by age band and sex (MEASURES 1.5).
--
-- Expected events are those that the stays of a stratum would have had at the rates of all stays of the same age band
-- and sex; an exact decimal sum. It is no risk model: nothing else about the patients is adjusted for. Types and codes
-- of infection have none: their denominators are no stays of their own.
WITH layer AS (
    SELECT measure, profile, stratum, stratum_value, age_band, sex_known,
           sum(numerator_seconds) / 86400 AS events, sum(denominator_seconds) / 86400 AS n
    FROM placed_cell
    JOIN measure USING (measure)
    WHERE kind IN ('proportion', 'rate') AND stratum NOT IN ('infection_type', 'code') AND reason IS NULL
    GROUP BY ALL
), everybody AS (
    SELECT measure, profile, age_band, sex_known, events / nullif(n, 0) AS rate FROM layer WHERE stratum = 'all'
)
SELECT measure, profile, stratum, stratum_value, sum(exact(n * rate))::DOUBLE AS expected
FROM layer
LEFT JOIN everybody USING (measure, profile, age_band, sex_known)
GROUP BY ALL
