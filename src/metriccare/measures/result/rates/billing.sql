-- The median of the billing days (MEASURES 4.8), and mean and deviation of their logarithms (4.6), of each stratum.
WITH placed AS (
    SELECT b.profile, s.stratum, s.stratum_value, b.billing_days, sum(b.n) AS n
    FROM billing_day b
    JOIN stratum s ON s.hospital_id IS NOT DISTINCT FROM b.hospital_id AND s.month IS NOT DISTINCT FROM b.month
        AND s.infection_type IS NULL AND s.code IS NULL
    GROUP BY ALL
), running AS (
    SELECT *, ln(billing_days) AS logarithm, sum(n) OVER (stratum ORDER BY billing_days) AS until,
           sum(n) OVER stratum AS total
    FROM placed
    WINDOW stratum AS (PARTITION BY profile, stratum, stratum_value)
), summed AS (
    SELECT profile, stratum, stratum_value, sum(n) AS n,
           (min(billing_days) FILTER (until > (total - 1) // 2) + min(billing_days) FILTER (until > total // 2)) / 2
               AS median,
           sum(exact(logarithm) * n::DECIMAL(10, 0))::DOUBLE AS total,
           sum(exact(logarithm * logarithm) * n::DECIMAL(10, 0))::DOUBLE AS squares
    FROM running
    GROUP BY ALL
)
SELECT profile, stratum, stratum_value, median, total / n AS log_mean, deviation(n, total, squares) AS log_deviation
FROM summed
