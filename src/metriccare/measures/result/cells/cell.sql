-- All that is added up: what the stays, the hospital-onset events and the patient-days add to each measure.
--
-- Every result is a sum of cells, whatever its stratum, and all sums are exact: days are added up in seconds, an event
-- is a day. `from_day` is the day from which a cell counts; null for what was known at settled_on.
WITH other AS (
    SELECT * EXCLUDE (numerator, denominator, sign), sum(sign) AS n, seconds(sum(numerator)) AS numerator_seconds,
           seconds(sum(denominator)) AS denominator_seconds
    FROM (FROM onset_share UNION ALL BY NAME FROM census_share)
    GROUP BY ALL
)
SELECT * REPLACE (
           coalesce(numerator_seconds, 0) AS numerator_seconds,
           coalesce(denominator_seconds, 0) AS denominator_seconds, coalesce(value_count, 0) AS value_count)
FROM (FROM stay_cell UNION ALL BY NAME FROM other)
