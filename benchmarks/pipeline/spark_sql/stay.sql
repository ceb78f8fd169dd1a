-- One row per inpatient stay as it is seen at as_of, with patient, transfer chain and disposition.
WITH mapped AS (
    SELECT source, id, ord, category
    FROM (SELECT source, id, ord, key FROM seen LATERAL VIEW posexplode(disposition_keys) AS ord, key) d
    LEFT JOIN code ON value_set = 'discharge_disposition' AND code.key = d.key
), disposition AS (
    SELECT source, id, coalesce(
        CASE WHEN bool_or(category = 'expired') THEN 'expired'
             WHEN bool_or(category = 'left_against_medical_advice') THEN 'left_against_medical_advice'
             WHEN bool_or(category = 'acute_transfer') THEN 'acute_transfer' END,
        min_by(category, ord) FILTER (WHERE category IS NOT NULL), 'unknown') AS disposition_class
    FROM mapped GROUP BY source, id
), merged AS (
    SELECT source, patient_id, min_by(id, by_start) AS id, max_by(id, by_end) AS last_id,
           transform(array_sort(collect_list(by_start)), place -> place.id) AS encounter_ids,
           bool_or(status_kind = 'open') AS is_open, bool_or(class_kind = 'acute_inpatient') AS is_acute
    FROM seen GROUP BY source, patient_id, hospital_id, stay_no
), dated AS (
    SELECT m.*, f.hospital_id, f.start_at AS admission_at, f.start_date AS admission_date,
           CASE WHEN NOT is_open THEN l.end_at END AS discharge_at,
           CASE WHEN NOT is_open THEN l.end_date END AS discharge_date,
           f.start_has_time AND l.end_has_time AS has_times, d.disposition_class, f.is_from_hospice,
           coalesce(p.keys, array()) AS principal_keys
    FROM merged m
    JOIN seen f ON f.source = m.source AND f.id = m.id
    JOIN seen l ON l.source = m.source AND l.id = m.last_id
    LEFT JOIN disposition d ON d.source = m.source AND d.id = m.last_id
    LEFT JOIN principal p ON p.source = m.source AND p.encounter_id = m.id
), about AS (
    SELECT s.*, p.id IS NOT NULL AS is_patient_known, p.gender AS sex, p.birth_date,
           coalesce(p.is_deceased AND NOT coalesce(p.death_date > :as_of, false), false) AS is_deceased,
           CASE WHEN p.death_date <= :as_of THEN p.death_date END AS death_date,
           year(admission_date) - year(birth_date)
               - CAST(date_format(admission_date, 'MMdd') < date_format(birth_date, 'MMdd') AS INT) AS age,
           is_acute AND admission_date IS NOT NULL AND s.patient_id IS NOT NULL AS is_linkable
    FROM dated s LEFT JOIN patient p ON p.source = s.source AND p.id = s.patient_id AND p.is_live
), linked AS (  -- MEASURES 0.4: at another known hospital, on the same or the next day, or before the end
    SELECT *, coalesce(is_linkable AND hospital_id <> lag(hospital_id) OVER in_order
        AND datediff(admission_date, lag(discharge_date) OVER in_order) <= 1, false) AS continues
    FROM about
    WINDOW in_order AS (PARTITION BY source, patient_id, is_linkable
                        ORDER BY admission_date NULLS LAST, admission_at NULLS LAST, id)
), numbered AS (
    SELECT *, sum(CASE WHEN continues THEN 0 ELSE 1 END) OVER (
        PARTITION BY source, patient_id, is_linkable
        ORDER BY admission_date NULLS LAST, admission_at NULLS LAST, id
        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS chain_no
    FROM linked
)
SELECT source, id, patient_id, coalesce(patient_id, id) AS person, hospital_id, encounter_ids,
       admission_at, admission_date, discharge_at, discharge_date, has_times, is_open, is_acute,
       is_patient_known, sex, birth_date, age, is_deceased, death_date,
       disposition_class, is_from_hospice, principal_keys,
       first_value(id) OVER in_order AS chain_id,
       row_number() OVER in_order AS chain_position,
       count(*) OVER legs AS chain_length
FROM numbered
WINDOW legs AS (PARTITION BY source, patient_id, is_linkable, chain_no),
       in_order AS (PARTITION BY source, patient_id, is_linkable, chain_no
                    ORDER BY admission_date NULLS LAST, admission_at NULLS LAST, id)
