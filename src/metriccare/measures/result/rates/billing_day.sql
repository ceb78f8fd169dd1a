-- The billing days at as_of, likewise.
SELECT profile, hospital_id, month, billing_days, sum(n) AS n
FROM billing_day
WHERE from_day IS NULL OR from_day <= getvariable('as_of')
GROUP BY ALL
HAVING sum(billing_day.n) <> 0
