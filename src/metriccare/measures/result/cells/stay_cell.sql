-- What the stays add to each measure whose denominator counts stays: a denominator of 1, or a reason why none.
--
-- The numerator is the value of the decision, or nothing for an event after the day; the events of infections come as
-- rows of their own. The values are what medians and deviations are taken of: days.
SELECT m.measure, d.profile, d.hospital_id, d.discharge_month AS month, d.age_band, d.sex_known, d.reason, d.from_day,
       sum(d.sign) AS n,
       sum(d.sign * seconds(d.value)) FILTER (d.reason IS NULL AND m.kind <> 'rate' AND d.event_on <= d.day)
           AS numerator_seconds,
       seconds(sum(d.sign) FILTER (d.reason IS NULL)) AS denominator_seconds,
       sum(d.sign) FILTER (d.reason IS NULL AND m.kind = 'mean' AND d.value IS NOT NULL) AS value_count,
       sum(d.sign * seconds(d.value)) FILTER (d.reason IS NULL AND m.kind = 'mean') AS value_seconds,
       sum(if(d.sign > 0, exact(d.value * d.value), -exact(d.value * d.value)))
           FILTER (d.reason IS NULL AND m.kind = 'mean') AS value_squares
FROM decision d
JOIN measure m ON m.decision = d.decision
WHERE m.kind IN ('proportion', 'mean') OR m.measure = 'infection_per_100_discharges'
GROUP BY ALL
