-- How many stays have how many billing days, for the median and the geometric mean (MEASURES 4.6, 4.8).
SELECT profile, hospital_id, discharge_month AS month, value AS billing_days, from_day, sum(sign) AS n
FROM decision
WHERE decision = 'length_of_stay_billing' AND reason IS NULL AND value IS NOT NULL
GROUP BY ALL
