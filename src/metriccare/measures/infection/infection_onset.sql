-- Was it there on admission, or did it begin in hospital: the first clause that applies decides (MEASURES 3.1).
--
-- Decided once for the profiles that accept unconfirmed diagnoses (3.3, an option), once for those that don't.
WITH accepted AS (
    SELECT DISTINCT accepts_unconfirmed FROM profile
)
SELECT c.*, a.accepts_unconfirmed, CASE
    WHEN is_refuted(verification_status) THEN 'not_confirmed'
    WHEN list_contains(codes('condition_verification', 'unconfirmed'), verification_status) AND NOT accepts_unconfirmed
        THEN 'not_confirmed'
    WHEN rule = 'exclude' THEN 'excluded_code'
    WHEN rule = 'never' THEN 'present_on_admission'
    WHEN event_date - discharge_date > 1 THEN 'after_discharge'  -- 3.1.7
    WHEN admission_date - event_date > 2 THEN 'before_admission'
    WHEN list_contains(codes('present_on_admission', 'present'), present_on_admission)
        THEN 'present_on_admission'  -- 3.1.4
    WHEN list_contains(codes('present_on_admission', 'not_present'), present_on_admission) THEN 'hospital_onset'
    WHEN event_date IS NULL AND rule = 'hospital_onset' THEN 'hospital_onset'
    WHEN event_date IS NULL OR admission_date IS NULL THEN 'date_unknown'
    WHEN hospital_day < 3 THEN 'present_on_admission'  -- 3.1.2
    ELSE 'hospital_onset'
    END AS onset
FROM infection_candidate c
CROSS JOIN accepted a
