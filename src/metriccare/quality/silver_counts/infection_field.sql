-- The dates of the infections of stays, which every profile decides on.
SELECT source, 'Condition' AS resource, 'Condition.onset[x] or recordedDate (infections of stays)' AS field,
       1 AS wanted, (event_date IS NOT NULL)::INTEGER AS present
FROM (SELECT DISTINCT source, stay_id, condition_id, event_date FROM infection_event)
