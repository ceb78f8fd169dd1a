-- Nights in hospital by month, open stays up to as_of (MEASURES 3.4).
WITH night AS (
    SELECT source, id AS stay_id, admission_date, least(discharge_date, :as_of) AS until,
           coalesce(admission_date = discharge_date, false) AS is_same_day
    FROM stay
    WHERE is_patient_known AND (is_open OR discharge_date IS NOT NULL)
), monthly AS (
    SELECT *, explode(sequence(trunc(admission_date, 'MM'), trunc(until, 'MM'), INTERVAL 1 MONTH)) AS month
    FROM night WHERE admission_date <= until
), counted AS (
    SELECT *, datediff(least(until, add_months(month, 1)), greatest(admission_date, month)) AS days FROM monthly
)
SELECT source, stay_id, month, is_same_day, days FROM counted WHERE is_same_day OR days > 0
