-- When the hospital's care began before the admission (MEASURES 4.7): an observation that ended within the hour before
-- it, then an emergency visit that ended within the hour before that. Of several the earliest.
WITH observed AS (
    SELECT s.source, s.id, min((v.period_start_at, v.period_start_date, v.period_end_at)) AS visit
    FROM merged_stay s
    JOIN visit v ON v.source = s.source AND v.patient_id = s.patient_id AND v.kind = 'observation'
        AND v.period_end_at BETWEEN s.admission_at - INTERVAL 1 HOUR AND s.admission_at
    GROUP BY s.source, s.id
), since AS (
    SELECT s.source, s.id, s.patient_id, o.visit, coalesce(o.visit[1], s.admission_at) AS begins_at
    FROM merged_stay s
    LEFT JOIN observed o ON o.source = s.source AND o.id = s.id
    WHERE s.has_times
), arrived AS (
    SELECT s.source, s.id, min((v.period_start_at, v.period_start_date, v.period_end_at)) AS visit
    FROM since s
    JOIN visit v ON v.source = s.source AND v.patient_id = s.patient_id AND v.kind = 'emergency'
        AND v.period_end_at BETWEEN s.begins_at - INTERVAL 1 HOUR AND s.begins_at
    GROUP BY s.source, s.id
)
SELECT s.source, s.id,
       coalesce(a.visit, s.visit)[1] AS emergency_start_at, coalesce(a.visit, s.visit)[2] AS emergency_start_date
FROM since s
LEFT JOIN arrived a ON a.source = s.source AND a.id = s.id
WHERE coalesce(a.visit, s.visit) IS NOT NULL
