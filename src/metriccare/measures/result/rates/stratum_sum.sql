-- One row per measure that has sums of its own and stratum. Each infection type and code relates to all discharges or
-- patient-days.
SELECT measure, profile, stratum, stratum_value, e.excluded, c.deviation,
       coalesce(c.numerator, 0) AS numerator,
       CASE WHEN stratum IN ('infection_type', 'code')
            THEN max(coalesce(c.denominator, 0)) FILTER (stratum = 'all') OVER (PARTITION BY measure, profile)
            ELSE coalesce(c.denominator, 0) END AS denominator
FROM excluded e
LEFT JOIN counted c USING (measure, profile, stratum, stratum_value)
