-- Numerators and denominators over all, by hospital and by year.
WITH onset AS (
    SELECT s.*, e.event_date
    FROM infection_event e JOIN stay_measure s ON s.source = e.source AND s.stay_id = e.stay_id
    WHERE e.decision = 'hospital_onset' AND is_in_census
      AND coalesce(e.event_date, s.discharge_date, :as_of) <= :as_of
), share AS (
    SELECT hospital_id, discharge_date AS day, stack(5,
        'readmission_30_day', INT(is_index AND is_readmitted), INT(is_index),
        'mortality_in_hospital', INT(is_at_risk AND died_in_hospital), INT(is_at_risk),
        'mortality_30_day', INT(is_followed AND died_in_30_days), INT(is_followed),
        'length_of_stay_billing', IF(is_initial, billing_days, 0), INT(is_initial),
        'infection_per_100_discharges', 0, INT(is_initial)) AS (measure, numerator, denominator)
    FROM stay_measure
), contribution AS (
    SELECT measure, hospital_id, day, numerator, denominator FROM share
    UNION ALL
    SELECT 'infection_per_100_discharges', hospital_id, discharge_date, 1, 0 FROM onset WHERE is_initial
    UNION ALL
    SELECT 'infection_per_1000_patient_days', hospital_id, month, 0, days
    FROM patient_day d JOIN stay_measure s ON s.source = d.source AND s.stay_id = d.stay_id WHERE is_in_census
    UNION ALL
    SELECT 'infection_per_1000_patient_days', hospital_id, coalesce(event_date, discharge_date), 1, 0 FROM onset
), placed AS (
    SELECT measure, coalesce(hospital_id, 'unknown') AS hospital, date_format(day, 'yyyy') AS year,
           numerator, denominator
    FROM contribution
), stratum AS (
    SELECT measure,
           CASE WHEN grouping(hospital) = 0 THEN 'hospital' WHEN grouping(year) = 0 THEN 'year' ELSE 'all' END AS stratum,
           CASE WHEN grouping(hospital) = 0 THEN hospital WHEN grouping(year) = 0 THEN year ELSE 'all' END
               AS stratum_value,
           DOUBLE(sum(numerator)) AS numerator, DOUBLE(sum(denominator)) AS denominator
    FROM placed GROUP BY GROUPING SETS ((measure), (measure, hospital), (measure, year))
)
SELECT measure, 'all_adult' AS profile, stratum, stratum_value, :as_of AS as_of, numerator, denominator,
       numerator / nullif(denominator, 0) * CASE measure WHEN 'infection_per_100_discharges' THEN 100
           WHEN 'infection_per_1000_patient_days' THEN 1000 ELSE 1 END AS rate
FROM stratum WHERE stratum_value IS NOT NULL
