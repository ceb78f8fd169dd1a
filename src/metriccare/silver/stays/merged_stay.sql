-- One row per stay: what its first encounter says of the admission, the one that ends last of the discharge.
--
-- Where several end last, any of them may say how the stay ended (MEASURES 0.3).
WITH of_all AS (
    SELECT m.source, m.stay_id,
           list(m.id ORDER BY m.place) AS encounter_ids,
           arg_max(m.id, (coalesce(m.period_end_at, TIMESTAMPTZ '0001-01-01 00:00:00+00'), m.id)) AS last_id,
           bool_or(list_contains(codes('encounter_status', 'open'), m.status)) AS is_open,
           bool_or(m.class_kind = 'acute_inpatient') AS is_acute,
           flatten(list(coalesce(d.diagnoses, []) ORDER BY m.place)) AS diagnoses,
           in_order(flatten(list(coalesce(m.quality_flags, []) ORDER BY m.place))) AS quality_flags
    FROM member m
    LEFT JOIN listed_diagnosis d ON d.source = m.source AND d.id = m.id
    GROUP BY m.source, m.stay_id
), ending AS (
    SELECT m.source, m.stay_id,
           list(m.disposition_class ORDER BY m.disposition_class = 'unknown', m.id DESC)
               FILTER (m.disposition_class IS NOT NULL) AS disposition_classes
    FROM of_all a
    JOIN member l ON l.source = a.source AND l.id = a.last_id
    JOIN member m ON m.source = a.source AND m.stay_id = a.stay_id
        AND m.period_end_at IS NOT DISTINCT FROM l.period_end_at
    GROUP BY m.source, m.stay_id
), part AS (  -- the patient's segments of its encounters, so that their conditions find the stay
    SELECT m.source, m.stay_id, list(s.id ORDER BY s.id) AS segment_ids
    FROM member m
    JOIN segment s ON s.source = m.source AND s.patient_id = m.patient_id AND s.root_id = m.id
    GROUP BY m.source, m.stay_id
)
SELECT a.source, a.stay_id AS id, f.patient_id,
       list_concat(a.encounter_ids, coalesce(p.segment_ids, [])) AS encounter_ids,
       f.body_sha256, f.hospital_id, f.hospital_display, f.class_code, a.is_acute, a.is_open,
       f.period_start_at AS admission_at, f.period_start_date AS admission_date,
       CASE WHEN NOT a.is_open THEN l.period_end_at END AS discharge_at,
       CASE WHEN NOT a.is_open THEN l.period_end_date END AS discharge_date,
       f.timezone, has_time(f.period_start) AND has_time(l.period_end) AS has_times,
       f.priority_code, f.admit_source_code, categories_of('admit_source', f.admit_sources)[1] AS admit_source_class,
       disposition_of(e.disposition_classes) AS disposition_class,
       is_in('elective_admission', list_append(f.types, {  -- arranged, by its priority or its type (MEASURES 1.3)
           'system': 'http://terminology.hl7.org/CodeSystem/v3-ActPriority', 'code': f.priority_code, 'display': NULL})
       ) AS is_elective,
       c.principal, a.diagnoses, f.received_at,
       CASE WHEN len(list_distinct(list_filter(e.disposition_classes, lambda one: one <> 'unknown'))) > 1
            THEN in_order(list_append(a.quality_flags, 'disposition_conflict'))
            ELSE a.quality_flags END AS quality_flags
FROM of_all a
JOIN member f ON f.source = a.source AND f.id = a.stay_id
JOIN member l ON l.source = a.source AND l.id = a.last_id
JOIN ending e ON e.source = a.source AND e.stay_id = a.stay_id
JOIN principal_diagnosis c ON c.source = a.source AND c.id = a.stay_id
LEFT JOIN part p ON p.source = a.source AND p.stay_id = a.stay_id
