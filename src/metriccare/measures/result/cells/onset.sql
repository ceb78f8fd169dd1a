-- The hospital-onset events, known by the day, of stays in the census (MEASURES 3.4).
SELECT e.profile, e.hospital_id, s.age_band, s.sex_known, e.type AS infection_type, e.code, s.discharge_month,
       month_of(coalesce(e.event_date, s.discharge_date)) AS event_month, d.reason IS NULL AS is_of_counted_discharge,
       d.from_day, d.sign
FROM infection_event e
JOIN stay s ON s.source = e.source AND s.stay_id = e.stay_id AND s.profile = e.profile
JOIN decision d ON d.source = e.source AND d.stay_id = e.stay_id AND d.profile = e.profile
    AND d.decision = 'infection'
WHERE s.is_in_census AND e.decision = 'hospital_onset'
  AND coalesce(e.event_date, s.discharge_date, d.day) <= d.day
