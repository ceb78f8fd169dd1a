-- In or out of each measure, per stay, by the profile `all_adult` (docs/measures.md).
CREATE TEMP TABLE fact AS
WITH ranked AS (
    SELECT *, row_number() OVER in_order AS place,
           lead(CASE WHEN is_acute AND admission_date IS NOT NULL THEN
               {'admission_date': admission_date, 'hospital_id': hospital_id, 'principal_keys': principal_keys} END
               IGNORE NULLS) OVER in_order AS next_acute,
           coalesce(disposition_class = 'expired', false) AS is_expired,
           coalesce(disposition_class, 'unknown') = 'unknown' AS has_no_disposition
    FROM stay
    WINDOW in_order AS (PARTITION BY source, person ORDER BY admission_date NULLS FIRST, admission_at NULLS FIRST, id)
), dead AS (
    SELECT *, coalesce(death_date, max(CASE WHEN is_expired THEN discharge_date END) OVER (PARTITION BY source, person)
           ) AS death_on,
           coalesce(NOT is_open AND (is_expired
               OR (has_no_disposition AND death_date BETWEEN admission_date AND discharge_date)
               OR (death_date >= admission_date AND death_date < discharge_date)), false) AS claims_death
    FROM ranked
), hospice AS (
    SELECT DISTINCT s.source, s.id FROM ranked s JOIN ranked h ON h.source = s.source AND h.person = s.person
    WHERE h.disposition_class = 'hospice' AND h.place < s.place
      AND s.admission_date - h.discharge_date BETWEEN 0 AND 365
), covid AS (
    SELECT source, stay_id AS id FROM infection_event
    JOIN code k ON k.value_set = 'covid_19' AND k.key = infection_event.key
    WHERE decision = 'present_on_admission'
       OR (decision = 'repeat_within_14_days' AND hospital_day < 3 AND coalesce(present <> 'not_present', true))
    UNION
    SELECT s.source, s.stay_id FROM (SELECT *, unnest(codings) AS coding FROM diagnosis) d
    JOIN code poa ON poa.value_set = 'present_on_admission' AND poa.category = 'present'
        AND poa.code = d.present_on_admission
    JOIN code k ON k.value_set = 'covid_19' AND k.key = coding_key(d.coding)
    JOIN stay_encounter s ON s.source = d.source AND s.encounter_id = d.encounter_id
)
SELECT d.*,
       coalesce(claims_death AND place = max(CASE WHEN claims_death THEN place END) OVER of_person, false) AS died_in_hospital,
       coalesce(max(admission_date) OVER of_person > death_on, false)
           OR coalesce(birth_date > admission_date, false) AS is_inconsistent,
       arg_max(chain_id, CASE WHEN admission_date <= death_on THEN place END) OVER of_person AS death_chain_id,
       hospice.id IS NOT NULL AS was_in_hospice,
       covid.id IS NOT NULL OR list_has_any(principal_keys, getvariable('covid_19')) AS is_covid_19,
       list_has_any(principal_keys, getvariable('index_exclusion')) AS is_specialty
FROM dead d LEFT JOIN hospice USING (source, id) LEFT JOIN covid USING (source, id)
WINDOW of_person AS (PARTITION BY d.source, person);

CREATE TEMP TABLE stay_measure AS
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
SELECT source, id AS stay_id, patient_id, hospital_id, admission_date, discharge_date,
       is_initial, is_in_census,
       coalesce(is_initial AND is_usable AND NOT (
           died_in_hospital OR is_expired OR coalesce(is_last_leg AND death_on = discharge_date, false)
           OR left_against_advice OR NOT is_last_leg OR leaves_to_acute_care OR is_specialty OR is_covid_19
           OR coalesce(next_acute.hospital_id = hospital_id AND next_acute.admission_date = discharge_date
                       AND list_has_any(next_acute.principal_keys, principal_keys), false)
       ) AND discharge_date + 30 <= getvariable('as_of'), false) AS is_index,
       coalesce(next_acute.admission_date - discharge_date BETWEEN 0 AND 30, false) AS is_readmitted,
       coalesce(is_initial AND is_usable AND is_last_leg AND NOT leaves_to_acute_care
           AND NOT coalesce(disposition_class = 'unknown' AND is_deceased AND death_on IS NULL, false), false
       ) AS is_at_risk,
       died_in_hospital,
       coalesce(is_initial AND is_usable AND NOT (
           (is_deceased AND death_on IS NULL) OR coalesce(sex, 'unknown') = 'unknown' OR age > 115
           OR left_against_advice OR chain_position > 1 OR coalesce(is_from_hospice, false) OR was_in_hospice
       ) AND admission_date + 30 <= getvariable('as_of'), false) AS is_followed,
       coalesce(death_on - admission_date BETWEEN 0 AND 30 AND death_chain_id = chain_id, false) AS died_in_30_days,
       greatest(1, discharge_date - admission_date) AS billing_days
FROM cohort;

-- Nights in hospital by month, open stays up to as_of (MEASURES 3.4).
CREATE TEMP TABLE patient_day AS
WITH night AS (
    SELECT source, id AS stay_id, admission_date, least(discharge_date, getvariable('as_of')) AS until,
           coalesce(admission_date = discharge_date, false) AS is_same_day
    FROM stay
    WHERE is_patient_known AND (is_open OR discharge_date IS NOT NULL)
), monthly AS (
    SELECT *, unnest(generate_series(date_trunc('month', admission_date), date_trunc('month', until),
                                     INTERVAL 1 MONTH))::DATE AS month
    FROM night WHERE admission_date <= until
)
SELECT source, stay_id, month, is_same_day,
       least(until, (month + INTERVAL 1 MONTH)::DATE) - greatest(admission_date, month) AS days
FROM monthly WHERE is_same_day OR least(until, (month + INTERVAL 1 MONTH)::DATE) > greatest(admission_date, month);
