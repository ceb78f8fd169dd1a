-- In or out of each measure, per stay, by the profile `all_adult` (docs/measures.md).
WITH population AS (
    SELECT *, chain_position = chain_length AS is_last_leg,
           coalesce(disposition_class = 'acute_transfer', false) AS leaves_to_acute_care,
           coalesce(disposition_class = 'left_against_medical_advice', false) AS left_against_advice,
           is_patient_known AND age >= 18 AND (is_open OR (
               admission_date IS NOT NULL AND discharge_date IS NOT NULL
               AND NOT CASE WHEN has_times THEN discharge_at < admission_at ELSE discharge_date < admission_date END
           )) AS is_counted
    FROM fact
), cohort AS (
    SELECT *, coalesce(is_counted AND NOT is_open, false) AS is_initial,
           coalesce(is_counted AND admission_date IS NOT NULL, false) AS is_in_census,
           is_acute AND NOT is_inconsistent AS is_usable
    FROM population
)
SELECT source, id AS stay_id, patient_id, hospital_id, admission_date, discharge_date, is_initial, is_in_census,
       coalesce(is_initial AND is_usable AND NOT (
           died_in_hospital OR is_expired OR coalesce(is_last_leg AND death_on = discharge_date, false)
           OR left_against_advice OR NOT is_last_leg OR leaves_to_acute_care OR is_specialty OR is_covid_19
           OR coalesce(next_acute.hospital_id = hospital_id AND next_acute.admission_date = discharge_date
                       AND arrays_overlap(next_acute.principal_keys, principal_keys), false)
       ) AND date_add(discharge_date, 30) <= :as_of, false) AS is_index,
       coalesce(datediff(next_acute.admission_date, discharge_date) BETWEEN 0 AND 30, false) AS is_readmitted,
       coalesce(is_initial AND is_usable AND is_last_leg AND NOT leaves_to_acute_care
           AND NOT coalesce(disposition_class = 'unknown' AND is_deceased AND death_on IS NULL, false), false
       ) AS is_at_risk,
       died_in_hospital,
       coalesce(is_initial AND is_usable AND NOT (
           (is_deceased AND death_on IS NULL) OR coalesce(sex, 'unknown') = 'unknown' OR age > 115
           OR left_against_advice OR chain_position > 1 OR coalesce(is_from_hospice, false) OR was_in_hospice
       ) AND date_add(admission_date, 30) <= :as_of, false) AS is_followed,
       coalesce(datediff(death_on, admission_date) BETWEEN 0 AND 30 AND death_chain_id = chain_id, false)
           AS died_in_30_days,
       greatest(1, datediff(discharge_date, admission_date)) AS billing_days
FROM cohort
