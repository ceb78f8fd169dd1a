-- What is later than as_of is unseen; an encounter that crosses it is open. Its end still says what overlaps.
SELECT source, id, patient_id, hospital_id, class_kind, received_at, stay_no, by_start, by_end,
       start_at, start_date, start_has_time, end_at, CASE WHEN end_date <= :as_of THEN end_date END AS end_date,
       end_has_time AND coalesce(end_date <= :as_of, false) AS end_has_time,
       CASE WHEN end_date > :as_of THEN 'open' ELSE status_kind END AS status_kind,
       CASE WHEN end_date > :as_of THEN array() ELSE disposition_keys END AS disposition_keys,
       is_from_hospice, reason_keys, diagnoses
FROM member WHERE start_date IS NULL OR start_date <= :as_of
