-- Infections of the stays: linked by encounter, else by a diagnosis, else by date; then decided (MEASURES 3).
WITH way AS (
    SELECT i.source, i.condition_id, s.stay_id, 1 AS way
    FROM infection i JOIN stay_encounter s ON s.source = i.source AND s.encounter_id = i.encounter_id
        AND (i.patient_id IS NULL OR i.patient_id = s.patient_id)
    UNION ALL
    SELECT i.source, i.condition_id, min(s.stay_id), 2
    FROM infection i
    JOIN diagnosis d ON d.source = i.source AND d.condition_id = i.condition_id AND d.patient_id = i.patient_id
    JOIN stay_encounter s ON s.source = d.source AND s.encounter_id = d.encounter_id
    GROUP BY i.source, i.condition_id
    UNION ALL
    SELECT i.source, i.condition_id, max_by(s.id, struct(s.admission_date, s.id)), 3
    FROM infection i JOIN stay s ON s.source = i.source AND s.patient_id = i.patient_id
    WHERE i.encounter_id IS NULL AND NOT coalesce(array_contains(category_codes, 'problem-list-item'), false)
      AND i.event_date >= s.admission_date AND (s.is_open OR i.event_date <= s.discharge_date)
    GROUP BY i.source, i.condition_id
), first_way AS (
    SELECT *, min(way) OVER (PARTITION BY source, condition_id) AS first FROM way
), indicator AS (
    SELECT d.source, e.stay_id, d.condition_id,
           min_by(present_on_admission, struct(
               coalesce(nullif(array_position(s.encounter_ids, d.encounter_id), 0), 2147483647) AS place, by_rank, ord))
               FILTER (WHERE present_on_admission IS NOT NULL) AS indicator
    FROM diagnosis d
    JOIN stay_encounter e ON e.source = d.source AND e.encounter_id = d.encounter_id
    JOIN stay s ON s.source = e.source AND s.id = e.stay_id
    GROUP BY d.source, e.stay_id, d.condition_id
)
SELECT i.source, i.condition_id, l.stay_id, s.patient_id, s.chain_id, i.type, i.key, i.event_date,
       poa.category AS present, datediff(i.event_date, s.admission_date) + 1 AS hospital_day,
       CASE WHEN v.category IN ('refuted', 'unconfirmed') THEN 'not_confirmed'
            WHEN i.rule = 'exclude' THEN 'excluded_code'
            WHEN i.rule = 'never' THEN 'present_on_admission'
            WHEN datediff(i.event_date, s.discharge_date) > 1 THEN 'after_discharge'
            WHEN datediff(s.admission_date, i.event_date) > 2 THEN 'before_admission'
            WHEN poa.category = 'present' THEN 'present_on_admission'
            WHEN poa.category = 'not_present' THEN 'hospital_onset'
            WHEN i.event_date IS NULL AND i.rule = 'hospital_onset' THEN 'hospital_onset'
            WHEN i.event_date IS NULL OR s.admission_date IS NULL THEN 'date_unknown'
            WHEN datediff(i.event_date, s.admission_date) + 1 < 3 THEN 'present_on_admission'
            ELSE 'hospital_onset' END AS decision
FROM infection i
JOIN first_way l ON l.source = i.source AND l.condition_id = i.condition_id AND l.way = l.first
JOIN stay s ON s.source = l.source AND s.id = l.stay_id
LEFT JOIN indicator n ON n.source = l.source AND n.stay_id = l.stay_id AND n.condition_id = l.condition_id
LEFT JOIN code poa ON poa.value_set = 'present_on_admission' AND poa.code = n.indicator
LEFT JOIN code v ON v.value_set = 'condition_verification' AND v.code = i.verification_status
