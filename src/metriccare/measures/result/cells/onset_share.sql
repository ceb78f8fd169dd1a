-- What each hospital-onset event adds to the two infection rates (MEASURES 3.4): per discharge in the month of the
-- discharge, per patient-day in its own.
SELECT 'infection_per_100_discharges' AS measure, discharge_month AS month, sign AS numerator,
       * EXCLUDE (discharge_month, event_month, is_of_counted_discharge)
FROM onset
WHERE is_of_counted_discharge
UNION ALL BY NAME
SELECT 'infection_per_1000_patient_days' AS measure, event_month AS month, sign AS numerator,
       * EXCLUDE (discharge_month, event_month, is_of_counted_discharge)
FROM onset
