-- The decisions on each stay, a row each.
SELECT * EXCLUDE (decided), decided.exclusion, decided.matures_on, decided.event_on, decided.value
FROM (
    UNPIVOT stay
    ON * EXCLUDE (source, stay_id, profile, hospital_id, admission_date, discharge_date, age, sex, age_band,
                  sex_known, discharge_month, is_in_census)
    INTO NAME decision VALUE decided
)
