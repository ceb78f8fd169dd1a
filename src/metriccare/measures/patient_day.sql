-- gold.patient_day: the census, nights in hospital by stay and month (MEASURES 3.4).
--
-- A day counts for the month it begins in: the night from the 31st to the 1st belongs to the old month. An open stay
-- counts up to as_of. A same-day stay has no midnight; its row says so, since a profile may count it as a day. Stays
-- without usable dates or of unknown patients have no days.
WITH spent AS (
    SELECT *, least(coalesce(discharge_date, getvariable('as_of')), getvariable('as_of'))::DATE AS until,
           holds(admission_date = discharge_date) AS is_same_day
    FROM stay
    WHERE is_patient_known AND (is_open OR discharge_date IS NOT NULL)
), monthly AS (
    SELECT *, unnest(generate_series(date_trunc('month', admission_date)::TIMESTAMP, until::TIMESTAMP,
        INTERVAL 1 MONTH))::DATE AS month_start
    FROM spent
    WHERE admission_date <= until
), counted AS (
    SELECT *, least(until, (month_start + INTERVAL 1 MONTH)::DATE) - greatest(admission_date, month_start) AS days
    FROM monthly
)
SELECT source, id AS stay_id, strftime(month_start, '%Y-%m') AS month, patient_id, hospital_id, age, days, is_same_day,
       is_open, getvariable('run_id') AS run_id
FROM counted
WHERE days > 0 OR is_same_day
