-- The decisions on each stay as they are at as_of: `reason` says why it does not count then, or is null.
--
-- What happens later is unseen: a stay that crosses as_of is not finished, one that begins after it does not exist yet.
WITH unfolded AS (
    UNPIVOT stay
    ON * EXCLUDE (source, stay_id, profile, hospital_id, admission_date, discharge_date, age, sex, age_band,
                  sex_known, discharge_month, is_in_census)
    INTO NAME decision VALUE decided
)
SELECT * EXCLUDE (decided), decided.event_on, decided.value, CASE
           WHEN admission_date > getvariable('as_of') THEN 'admitted_after_as_of'
           WHEN decided.exclusion = 'patient_unknown' THEN decided.exclusion
           WHEN discharge_date > getvariable('as_of') THEN 'not_finished'
           WHEN decided.exclusion IS NOT NULL THEN decided.exclusion
           WHEN decided.matures_on > getvariable('as_of') THEN 'follow_up_incomplete' END AS reason
FROM unfolded
