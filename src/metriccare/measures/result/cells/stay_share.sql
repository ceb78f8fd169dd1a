-- What each stay adds to each measure whose denominator counts stays: a denominator of 1, or a reason why none.
--
-- The numerator is the value of the decision, or nothing for an event after as_of; the events of infections come as
-- rows of their own. `value` is what medians and deviations are taken of: days.
SELECT m.measure, d.profile, d.hospital_id, d.discharge_month AS month, d.age_band, d.sex_known, d.reason,
       CASE WHEN d.reason IS NULL AND m.kind <> 'rate' AND d.event_on <= getvariable('as_of')
            THEN d.value END AS numerator,
       (d.reason IS NULL)::INTEGER AS denominator,
       CASE WHEN d.reason IS NULL AND m.kind = 'mean' THEN d.value END AS value
FROM decision d
JOIN measure m ON m.decision = d.decision
WHERE m.kind IN ('proportion', 'mean') OR m.measure = 'infection_per_100_discharges'
