-- The decisions as they are seen on a day: at settled_on, and around each later day on which something becomes known.
-- `reason` says why a stay does not count then, or is null.
--
-- What is later than the day is unseen: a stay that crosses it is not finished, one that begins after it does not exist
-- yet.
WITH seen AS (
    SELECT *, getvariable('settled_on') AS day, NULL::DATE AS from_day, 1 AS sign FROM unfolded
    UNION ALL BY NAME
    SELECT u.*, l.day, l.from_day, l.sign FROM unfolded u JOIN later l USING (source, stay_id, profile)
)
SELECT source, stay_id, profile, hospital_id, discharge_month, age_band, sex_known, decision, event_on, value, day,
       from_day, sign, CASE
           WHEN admission_date > day THEN 'admitted_after_as_of'
           WHEN exclusion = 'patient_unknown' THEN exclusion
           WHEN discharge_date > day THEN 'not_finished'
           WHEN exclusion IS NOT NULL THEN exclusion
           WHEN matures_on > day THEN 'follow_up_incomplete' END AS reason
FROM seen
