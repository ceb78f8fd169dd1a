-- One row per measure and stratum: ratios of sums, never means of means (MEASURES 4.5).
--
-- The median and the geometric mean of the billing days are measures of their own, without a sum. Without a denominator
-- there is no rate.
SELECT m.measure, s.* EXCLUDE (measure, numerator), b.log_mean, b.log_deviation, x.expected,
       CASE WHEN m.kind NOT IN ('median', 'geometric_mean') THEN s.numerator END AS numerator,
       CASE WHEN s.denominator > 0 THEN
           CASE m.kind WHEN 'median' THEN b.median
                       WHEN 'geometric_mean' THEN exp(b.log_mean)
                       ELSE s.numerator / s.denominator * m.per END END AS rate
FROM stratum_sum s
JOIN measure m ON m.measure = s.measure
    OR (s.measure = 'length_of_stay_billing' AND m.decision = s.measure)
LEFT JOIN billing b ON m.decision = 'length_of_stay_billing' AND b.profile = s.profile AND b.stratum = s.stratum
    AND b.stratum_value = s.stratum_value
LEFT JOIN expected x ON x.measure = m.measure AND x.profile = s.profile AND x.stratum = s.stratum
    AND x.stratum_value = s.stratum_value
