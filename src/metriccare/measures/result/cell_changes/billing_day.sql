-- How many stays have how many billing days, without those that some had before.
SELECT profile, hospital_id, month, billing_days, from_day, sum(n) AS n
FROM (FROM billing_day UNION ALL BY NAME SELECT * REPLACE (-n AS n) FROM former_billing_day)
GROUP BY ALL
HAVING sum(n) <> 0
