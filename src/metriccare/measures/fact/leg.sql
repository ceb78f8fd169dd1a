-- The legs beside a stay in its transfer chain, and when the chain begins and ends (MEASURES 0.4.2 to 0.4.4).
--
-- The first leg is the hospital that admitted the patient, the last one that discharged to non-acute care; a stay
-- without transfer is both. The chain ends with the last end of its legs.
SELECT source, id,
       lag(p) OVER legs AS previous_leg, lead(p) OVER legs AS next_leg,
       first_value(admission_date) OVER legs AS chain_admission_date,
       max(discharge_date) OVER (PARTITION BY source, patient_id, chain_id) AS chain_discharge_date
FROM planned p
WINDOW legs AS (PARTITION BY source, patient_id, chain_id ORDER BY chain_position)
