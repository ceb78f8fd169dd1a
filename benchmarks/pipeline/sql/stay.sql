-- One row per inpatient stay as it is seen at as_of, with patient, transfer chain and disposition.
CREATE TEMP TABLE disposition AS
WITH ending AS (  -- of several encounters that end last, any may say it
    SELECT source, first_value(id) OVER (of_stay ORDER BY by_end DESC) AS id, id AS said_by, dispositions
    FROM seen
    WINDOW of_stay AS (PARTITION BY source, patient_id, hospital_id, stay_no)
    QUALIFY by_end[1] = max(by_end[1]) OVER of_stay
), mapped AS (
    SELECT source, id, (said_by <> id, ord) AS ord, category FROM (
        SELECT source, id, said_by, unnest(dispositions) AS d, generate_subscripts(dispositions, 1) AS ord FROM ending)
    LEFT JOIN code ON value_set = 'discharge_disposition' AND key = coding_key(d)
)
SELECT source, id, coalesce(
    CASE WHEN bool_or(category = 'expired') THEN 'expired'
         WHEN bool_or(category = 'left_against_medical_advice') THEN 'left_against_medical_advice'
         WHEN bool_or(category = 'acute_transfer') THEN 'acute_transfer' END,
    arg_min(category, ord), 'unknown') AS disposition_class
FROM mapped GROUP BY source, id;

CREATE TEMP TABLE stay AS
WITH merged AS (
    SELECT source, patient_id, arg_min(id, by_start) AS id, arg_max(id, by_end) AS last_id,
           list(id ORDER BY by_start) AS encounter_ids, bool_or(status_kind = 'open') AS is_open,
           bool_or(class_kind = 'acute_inpatient') AS is_acute
    FROM seen GROUP BY source, patient_id, hospital_id, stay_no
), dated AS (
    SELECT m.*, f.hospital_id, f.start_at AS admission_at, f.start_date AS admission_date, f.received_at,
           CASE WHEN NOT is_open THEN l.end_at END AS discharge_at,
           CASE WHEN NOT is_open THEN l.end_date END AS discharge_date,
           has_time(f.period_start) AND has_time(l.period_end) AS has_times, d.disposition_class,
           list_has_any(list_transform(f.admit_sources, lambda c: coding_key(c)), getvariable('hospice_sources')
           ) AS is_from_hospice, coalesce(principal.keys, []) AS principal_keys
    FROM merged m JOIN seen f ON f.source = m.source AND f.id = m.id
    JOIN seen l ON l.source = m.source AND l.id = m.last_id
    LEFT JOIN disposition d ON d.source = m.source AND d.id = m.last_id
    LEFT JOIN principal ON principal.source = m.source AND principal.encounter_id = m.id
), about AS (
    SELECT s.* EXCLUDE (last_id), p.id IS NOT NULL AS is_patient_known, p.gender AS sex, p.birth_date,
           coalesce(p.is_deceased AND NOT coalesce(p.death_date > getvariable('as_of'), false), false) AS is_deceased,
           CASE WHEN p.death_date <= getvariable('as_of') THEN p.death_date END AS death_date,
           date_part('year', admission_date) - date_part('year', birth_date)
               - (strftime(admission_date, '%m%d') < strftime(birth_date, '%m%d'))::INTEGER AS age,
           is_acute AND admission_date IS NOT NULL AND s.patient_id IS NOT NULL AS is_linkable
    FROM dated s LEFT JOIN patient p ON p.source = s.source AND p.id = s.patient_id AND p.is_live
), linked AS (  -- MEASURES 0.4: ord another known hospital, on the same or the next day, or before the end
    SELECT *, coalesce(is_linkable AND hospital_id <> lag(hospital_id) OVER in_order
        AND admission_date - lag(discharge_date) OVER in_order <= 1, false) AS continues
    FROM about
    WINDOW in_order AS (PARTITION BY source, patient_id, is_linkable ORDER BY admission_date, admission_at, id)
), numbered AS (
    SELECT *, sum(CASE WHEN continues THEN 0 ELSE 1 END) OVER (
        PARTITION BY source, patient_id, is_linkable ORDER BY admission_date, admission_at, id
        ROWS UNBOUNDED PRECEDING) AS chain_no
    FROM linked
)
SELECT * EXCLUDE (continues, is_linkable, chain_no),
       first_value(id) OVER (legs ORDER BY admission_date, admission_at, id) AS chain_id,
       row_number() OVER (legs ORDER BY admission_date, admission_at, id) AS chain_position,
       count(*) OVER legs AS chain_length,
       coalesce(patient_id, id) AS person
FROM numbered WINDOW legs AS (PARTITION BY source, patient_id, is_linkable, chain_no);
