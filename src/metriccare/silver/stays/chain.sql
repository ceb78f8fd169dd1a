-- Transfer chains: acute stays at different hospitals, one right after the other (MEASURES 0.4).
--
-- A stay joins the chain of the patient's previous acute stay if it is at another known hospital and begins on the same
-- or the next calendar day, or before that one ended. A stay that is not acute, or lacks the admission date, is a chain
-- of its own. `chain_id` is the id of the first leg.
WITH linkable AS (
    SELECT source, id, patient_id, hospital_id, admission_date, admission_at, discharge_date,
           is_acute AND admission_date IS NOT NULL AND patient_id IS NOT NULL AS is_linkable
    FROM merged_stay
), linked AS (
    SELECT *, is_linkable AND holds(hospital_id <> lag(hospital_id) OVER in_order
            AND admission_date - lag(discharge_date) OVER in_order <= 1) AS continues
    FROM linkable
    WINDOW in_order AS (PARTITION BY source, patient_id, is_linkable
        ORDER BY admission_date NULLS FIRST, admission_at NULLS FIRST, id)
), numbered AS (
    SELECT *, sum(if(continues, 0, 1)) OVER (PARTITION BY source, patient_id, is_linkable
            ORDER BY admission_date NULLS FIRST, admission_at NULLS FIRST, id ROWS UNBOUNDED PRECEDING) AS chain_number
    FROM linked
)
SELECT source, id,
       first_value(id) OVER legs AS chain_id,
       row_number() OVER legs AS chain_position,
       count(*) OVER (PARTITION BY source, patient_id, is_linkable, chain_number) AS chain_length
FROM numbered
WINDOW legs AS (PARTITION BY source, patient_id, is_linkable, chain_number
    ORDER BY admission_date NULLS FIRST, admission_at NULLS FIRST, id)
