-- Numerators and denominators over all, by hospital and by year.
CREATE TEMP TABLE measure_result AS
WITH onset AS (
    SELECT s.*, e.event_date FROM infection_event e JOIN stay_measure s USING (source, stay_id)
    WHERE e.decision = 'hospital_onset' AND is_in_census
      AND coalesce(e.event_date, s.discharge_date, getvariable('as_of')) <= getvariable('as_of')
), contribution AS (
    SELECT 'readmission_30_day' AS measure, hospital_id, discharge_date AS day,
           (is_index AND is_readmitted)::DOUBLE AS numerator, is_index::DOUBLE AS denominator FROM stay_measure
    UNION ALL
    SELECT 'mortality_in_hospital', hospital_id, discharge_date, is_at_risk AND died_in_hospital, is_at_risk
    FROM stay_measure
    UNION ALL
    SELECT 'mortality_30_day', hospital_id, discharge_date, is_followed AND died_in_30_days, is_followed
    FROM stay_measure
    UNION ALL
    SELECT 'length_of_stay_billing', hospital_id, discharge_date, CASE WHEN is_initial THEN billing_days ELSE 0 END,
           is_initial
    FROM stay_measure
    UNION ALL
    SELECT 'infection_per_100_discharges', hospital_id, discharge_date, 0, is_initial FROM stay_measure
    UNION ALL
    SELECT 'infection_per_100_discharges', hospital_id, discharge_date, 1, 0 FROM onset WHERE is_initial
    UNION ALL
    SELECT 'infection_per_1000_patient_days', hospital_id, month, 0, days
    FROM patient_day JOIN stay_measure USING (source, stay_id) WHERE is_in_census
    UNION ALL
    SELECT 'infection_per_1000_patient_days', hospital_id, coalesce(event_date, discharge_date), 1, 0 FROM onset
), placed AS (
    SELECT measure, coalesce(hospital_id, 'unknown') AS hospital, strftime(day, '%Y') AS year, numerator, denominator
    FROM contribution
), stratum AS (
    SELECT measure, CASE WHEN grouping(hospital) = 0 THEN 'hospital' WHEN grouping(year) = 0 THEN 'year' ELSE 'all' END
               AS stratum,
           CASE WHEN grouping(hospital) = 0 THEN hospital WHEN grouping(year) = 0 THEN year ELSE 'all' END AS stratum_value,
           sum(numerator) AS numerator, sum(denominator) AS denominator
    FROM placed GROUP BY GROUPING SETS ((measure), (measure, hospital), (measure, year))
)
SELECT measure, 'all_adult' AS profile, stratum, stratum_value, getvariable('as_of') AS as_of, numerator, denominator,
       numerator / nullif(denominator, 0) * CASE measure WHEN 'infection_per_100_discharges' THEN 100
           WHEN 'infection_per_1000_patient_days' THEN 1000 ELSE 1 END AS rate
FROM stratum WHERE stratum_value IS NOT NULL ORDER BY ALL;
