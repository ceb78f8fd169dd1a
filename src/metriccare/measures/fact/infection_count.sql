-- How many infections of a stay began in hospital, for each profile (MEASURES 3.4), the first date and the Conditions;
-- and the Conditions that were COVID-19 on admission (1.1.6): the repeat of an early infection is there on admission
-- all the same.
WITH event AS (
    SELECT *, category_of('covid_19', {'system': 'http://snomed.info/sct', 'code': code}) IS NOT NULL AND (
            decision = 'present_on_admission'
            OR holds(decision = 'repeat_within_14_days' AND hospital_day < 3
                AND NOT holds(list_contains(codes('present_on_admission', 'not_present'), present_on_admission)))
        ) AS is_covid_19_on_admission
    FROM infection_event
)
SELECT source, stay_id AS id, profile,
       count(*) FILTER (decision = 'hospital_onset') AS infection_count,
       min(event_date) FILTER (decision = 'hospital_onset') AS first_infection_date,
       flatten(list(proof('infection', source, 'Condition', condition_id, body_sha256)
           ORDER BY condition_id) FILTER (decision = 'hospital_onset' AND body_sha256 IS NOT NULL)) AS infections,
       flatten(list(proof('diagnosis_on_admission', source, 'Condition', condition_id, body_sha256)
           ORDER BY condition_id) FILTER (is_covid_19_on_admission AND body_sha256 IS NOT NULL)) AS covid_19_by_decision
FROM event
GROUP BY source, stay_id, profile
