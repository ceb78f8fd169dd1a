-- All that is added up: what each stay, each month of a stay and each infection adds to each measure.
--
-- Days are added up in seconds, and an event is a day.
SELECT * EXCLUDE (numerator, denominator, value), 1 AS n,
       coalesce(seconds(numerator), 0) AS numerator_seconds, coalesce(seconds(denominator), 0) AS denominator_seconds,
       (value IS NOT NULL)::INTEGER AS value_count, seconds(value) AS value_seconds,
       exact(value * value) AS value_squares,
       CASE WHEN measure = 'length_of_stay_billing' THEN value END AS billing_days
FROM (FROM stay_share UNION ALL BY NAME FROM onset_share UNION ALL BY NAME FROM census_share)
