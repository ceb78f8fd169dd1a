-- The encounters of the inpatient stays: those of one patient at one hospital that overlap share a `stay_no`
-- (MEASURES 0.1.1, 0.1.5, 0.1.8).
WITH candidate AS (
    SELECT e.*, k.category AS status_kind, coalesce(greatest(start_at, end_at), start_at) AS covered_until,
           patient_id IS NOT NULL AND hospital_id IS NOT NULL AS has_place,
           struct(coalesce(start_at, TIMESTAMP '9999-12-31') AS start_at, id) AS by_start,
           struct(coalesce(end_at, TIMESTAMP '0001-01-01') AS end_at, id) AS by_end
    FROM live_encounter e
    JOIN code k ON k.value_set = 'encounter_status' AND k.code = e.status
    LEFT ANTI JOIN segment s ON s.source = e.source AND s.id = e.id
    WHERE class_kind IN ('acute_inpatient', 'nonacute_inpatient') AND (
        k.category IN ('open', 'closed')
        OR (k.category = 'closed_if_dated' AND start_at IS NOT NULL AND end_at IS NOT NULL))
), covered AS (
    SELECT *, max(covered_until) OVER (
        PARTITION BY source, patient_id, hospital_id
        ORDER BY start_at NULLS LAST, covered_until DESC NULLS LAST, id
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS covered_before
    FROM candidate
)
SELECT *, sum(CASE WHEN has_place AND start_at < covered_before THEN 0 ELSE 1 END) OVER (
    PARTITION BY source, patient_id, hospital_id
    ORDER BY start_at NULLS LAST, covered_until DESC NULLS LAST, id
    ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS stay_no
FROM covered
