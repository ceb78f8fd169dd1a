-- How many stays have how many billing days, for the median and the geometric mean (MEASURES 4.6, 4.8).
SELECT profile, hospital_id, month, billing_days, sum(n) AS n
FROM share
WHERE billing_days IS NOT NULL
GROUP BY ALL
