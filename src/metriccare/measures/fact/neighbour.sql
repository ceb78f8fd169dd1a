-- The patient's next acute and next inpatient stay by admission (MEASURES 1.2), and the last to begin.
SELECT source, id,
       first_value(if(is_acute AND admission_date IS NOT NULL, p, NULL) IGNORE NULLS) OVER following AS next_acute,
       first_value(if(admission_date IS NOT NULL, p, NULL) IGNORE NULLS) OVER following AS next_stay,
       last_value(p) OVER (PARTITION BY source, person ORDER BY place
           ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS last_stay
FROM planned p
WINDOW following AS (PARTITION BY source, person ORDER BY place ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING)
