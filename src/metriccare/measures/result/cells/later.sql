-- The days after settled_on from which something about a stay is known, each with the day before it.
--
-- What the stay adds changes on such a day: what it added on the day before is taken away (sign -1), what it adds on
-- the day itself is added.
WITH known AS (
    SELECT source, stay_id, profile, unnest([admission_date, discharge_date, matures_on, event_on]) AS from_day
    FROM unfolded
    WHERE greatest(admission_date, discharge_date, matures_on, event_on) > getvariable('settled_on')
    UNION
    SELECT source, stay_id, profile, event_date FROM infection_event
)
SELECT source, stay_id, profile, from_day,
       unnest([{'day': from_day, 'sign': 1}, {'day': (from_day - 1)::DATE, 'sign': -1}], recursive := true)
FROM known
WHERE from_day > getvariable('settled_on')
