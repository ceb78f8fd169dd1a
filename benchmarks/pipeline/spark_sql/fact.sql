-- What the decisions on a stay must know of the patient's other stays, death and diagnoses.
WITH ranked AS (
    SELECT *, row_number() OVER in_order AS place,
           lead(CASE WHEN is_acute AND admission_date IS NOT NULL
                     THEN struct(admission_date, hospital_id, principal_keys) END) IGNORE NULLS OVER in_order AS next_acute,
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
    SELECT DISTINCT s.source, s.id
    FROM ranked s JOIN ranked h ON h.source = s.source AND h.person = s.person AND h.place < s.place
    WHERE h.disposition_class = 'hospice' AND datediff(s.admission_date, h.discharge_date) BETWEEN 0 AND 365
), covid_code AS (
    SELECT key FROM code WHERE value_set = 'covid_19'
), covid AS (
    SELECT source, stay_id AS id FROM infection_event LEFT SEMI JOIN covid_code USING (key)
    WHERE decision = 'present_on_admission'
       OR (decision = 'repeat_within_14_days' AND hospital_day < 3 AND coalesce(present <> 'not_present', true))
    UNION
    SELECT s.source, s.stay_id
    FROM (SELECT source, encounter_id, present_on_admission, explode(keys) AS key FROM diagnosis) d
    LEFT SEMI JOIN covid_code USING (key)
    JOIN code poa ON poa.value_set = 'present_on_admission' AND poa.category = 'present'
        AND poa.code = d.present_on_admission
    JOIN stay_encounter s ON s.source = d.source AND s.encounter_id = d.encounter_id
)
SELECT d.*,
       coalesce(claims_death AND place = max(CASE WHEN claims_death THEN place END) OVER of_person, false)
           AS died_in_hospital,
       coalesce(max(admission_date) OVER of_person > death_on, false)
           OR coalesce(birth_date > admission_date, false) AS is_inconsistent,
       max_by(chain_id, CASE WHEN admission_date <= death_on THEN place END) OVER of_person AS death_chain_id,
       hospice.id IS NOT NULL AS was_in_hospice,
       covid.id IS NOT NULL OR arrays_overlap(principal_keys, (SELECT collect_list(key) FROM covid_code)) AS is_covid_19,
       arrays_overlap(principal_keys, (SELECT collect_list(key) FROM code WHERE value_set = 'index_exclusion_diagnosis'))
           AS is_specialty
FROM dead d
LEFT JOIN hospice ON hospice.source = d.source AND hospice.id = d.id
LEFT JOIN covid ON covid.source = d.source AND covid.id = d.id
WINDOW of_person AS (PARTITION BY d.source, person)
