-- The encounters of the inpatient stays: those of one patient at one hospital that overlap share a `stay_no`
-- (MEASURES 0.1.1, 0.1.5, 0.1.8).
CREATE TEMP TABLE member AS
WITH candidate AS (
    SELECT e.*, k.category AS status_kind, coalesce(greatest(start_at, end_at), start_at) AS covered_until,
           patient_id IS NOT NULL AND hospital_id IS NOT NULL AS has_place,
           (coalesce(start_at, '9999-12-31'::TIMESTAMPTZ), id) AS by_start,
           (coalesce(end_at, '0001-01-01'::TIMESTAMPTZ), id) AS by_end
    FROM live_encounter e JOIN code k ON k.value_set = 'encounter_status' AND k.code = e.status
    ANTI JOIN segment s ON s.source = e.source AND s.id = e.id
    WHERE class_kind IN ('acute_inpatient', 'nonacute_inpatient') AND (
        k.category IN ('open', 'closed')
        OR (k.category = 'closed_if_dated' AND start_at IS NOT NULL AND end_at IS NOT NULL))
), covered AS (
    SELECT *, max(covered_until) OVER (in_order ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS covered_before
    FROM candidate
    WINDOW in_order AS (PARTITION BY source, patient_id, hospital_id
                        ORDER BY start_at NULLS LAST, covered_until DESC NULLS LAST, id)
)
SELECT * EXCLUDE (covered_before), sum(CASE WHEN has_place AND start_at < covered_before THEN 0 ELSE 1 END) OVER (
    PARTITION BY source, patient_id, hospital_id ORDER BY start_at NULLS LAST, covered_until DESC NULLS LAST, id
    ROWS UNBOUNDED PRECEDING) AS stay_no
FROM covered;

-- as_of: what was asked for, else the newest discharge that is not after the day its encounter was received.
SET VARIABLE as_of = coalesce(getvariable('as_of_wanted'), (
    SELECT max(discharge_date) FROM (
        SELECT arg_max_null(end_date, by_end) AS discharge_date, arg_min(received_at, by_start) AS received_at
        FROM member GROUP BY source, patient_id, hospital_id, stay_no HAVING NOT bool_or(status_kind = 'open'))
    WHERE discharge_date <= received_at::DATE));

-- What is later than as_of is unseen; an encounter that crosses it is open. Its end still says what overlaps.
CREATE TEMP TABLE seen AS
SELECT * REPLACE (CASE WHEN end_date > getvariable('as_of') THEN 'open' ELSE status_kind END AS status_kind,
                  CASE WHEN end_date <= getvariable('as_of') THEN end_date END AS end_date,
                  CASE WHEN end_date <= getvariable('as_of') THEN period_end END AS period_end,
                  CASE WHEN end_date > getvariable('as_of') THEN [] ELSE dispositions END AS dispositions)
FROM member WHERE start_date IS NULL OR start_date <= getvariable('as_of');
