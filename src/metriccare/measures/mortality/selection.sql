-- Which stays 30-day mortality leaves out for another one of the same patient and year (MEASURES 2.2), where the
-- profile asks for one admission each: `is_another_selected`.
--
-- Of the stays that no earlier clause takes out the one with the smallest hash of patient, stay and year of discharge
-- stays in: a hash is as good as chance, and the same in every run.
WITH hashed AS (
    SELECT source, id, profile, patient_id, year(discharge_date) AS year,
           sha256(concat_ws('|', patient_id, id, year(discharge_date))) AS hash,
           len(mortality_30_day) = 0 AS is_eligible
    FROM strict_exclusion
    WHERE one_per_patient
)
SELECT source, id, profile,
       hash <> min(hash) FILTER (is_eligible) OVER of_year AS is_another_selected
FROM hashed
WINDOW of_year AS (PARTITION BY source, profile, patient_id, year)
