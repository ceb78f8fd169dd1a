-- The newest discharge that is not after the day its encounter was received.
WITH merged AS (
    SELECT max_by(end_date, by_end) AS discharge_date, min_by(received_at, by_start) AS received_at
    FROM member GROUP BY source, patient_id, hospital_id, stay_no HAVING NOT bool_or(status_kind = 'open')
)
SELECT max(discharge_date) AS as_of FROM merged WHERE discharge_date <= DATE(received_at)
