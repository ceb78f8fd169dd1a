-- The candidates with the stay that they are a member of: `stay_id` is the id of its first encounter, `place` the
-- member's place in it.
--
-- Encounters of one patient and hospital whose periods overlap as instants are one stay (MEASURES 0.1.8). An open or
-- undated one is a member of a stay only where it begins inside another one; without patient or hospital nothing is
-- merged.
WITH covered AS (
    SELECT *, max(covered_until) OVER (in_order ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS covered_before
    FROM candidate
    WINDOW in_order AS (PARTITION BY source, patient_id, hospital_id
        ORDER BY period_start_at NULLS LAST, covered_until DESC NULLS LAST, id)
), numbered AS (
    SELECT *, sum(if(has_place AND holds(period_start_at < covered_before), 0, 1)) OVER (
            PARTITION BY source, patient_id, hospital_id
            ORDER BY period_start_at NULLS LAST, covered_until DESC NULLS LAST, id
            ROWS UNBOUNDED PRECEDING) AS stay_number
    FROM covered
), grouped AS (
    SELECT *, if(has_place, concat('stay ', stay_number), concat('alone ', id)) AS stay_group FROM numbered
)
SELECT * EXCLUDE (covered_until, covered_before, stay_number, stay_group),
       first_value(id) OVER in_time AS stay_id,
       row_number() OVER in_time AS place,
       count(*) OVER (PARTITION BY source, patient_id, hospital_id, stay_group) AS members
FROM grouped
WINDOW in_time AS (PARTITION BY source, patient_id, hospital_id, stay_group
    ORDER BY coalesce(period_start_at, TIMESTAMPTZ '9999-12-31 00:00:00+00'), id)
