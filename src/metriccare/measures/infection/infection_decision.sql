-- The decision on each candidate: an event that opens no timeframe of its own repeats the one before it (MEASURES
-- 3.2).
SELECT i.* EXCLUDE (onset), CASE
    WHEN i.onset IN ('present_on_admission', 'hospital_onset') AND i.event_date IS NOT NULL AND o.condition_id IS NULL
        THEN 'repeat_within_14_days'
    ELSE i.onset
    END AS decision
FROM infection_onset i
LEFT JOIN infection_opener o ON o.source = i.source AND o.condition_id = i.condition_id
    AND o.accepts_unconfirmed = i.accepts_unconfirmed
