-- The stays of gold.stay_measure with what their share of every measure is filed under.
--
-- A stay is in the census (MEASURES 0.1.5) if it is of the initial population, whether it is finished or not.
SELECT * REPLACE (CAST(infection AS STRUCT(exclusion VARCHAR, matures_on DATE, event_on DATE, value DOUBLE))
                      AS infection),  -- like the other decisions
       age_band(age) AS age_band, coalesce(sex, 'unknown') AS sex_known, month_of(discharge_date) AS discharge_month,
       admission_date IS NOT NULL AND list_filter(infection.exclusions, lambda one: one <> 'not_finished') = []
           AS is_in_census
FROM stay_measure
