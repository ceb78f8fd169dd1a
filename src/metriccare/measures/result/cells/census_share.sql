-- The patient-days of each stay and month (MEASURES 3.4); a stay without a midnight is a day for profiles that say so.
SELECT 'infection_per_1000_patient_days' AS measure, s.profile, d.hospital_id, d.month, age_band(d.age) AS age_band,
       s.sex_known, if(d.is_same_day AND p.counts_same_day, 1, d.days) AS denominator, 1 AS sign
FROM patient_day d
JOIN stay s ON s.source = d.source AND s.stay_id = d.stay_id
LEFT JOIN profile p ON p.profile = s.profile
WHERE s.is_in_census
