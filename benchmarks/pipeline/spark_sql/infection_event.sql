-- The infections with their decisions; one within 14 days after the first of its kind in a chain is a repeat.
WITH dated AS (
    SELECT *, coalesce(patient_id, '') AS person FROM infection_candidate
    WHERE decision IN ('present_on_admission', 'hospital_onset') AND event_date IS NOT NULL
), opener AS (
    SELECT source, explode(aggregate(
        array_sort(collect_list(struct(event_date, condition_id))),
        struct(CAST(NULL AS DATE) AS since, CAST(array() AS ARRAY<STRING>) AS ids),
        (found, event) -> IF(
            found.since IS NULL OR event.event_date >= date_add(found.since, 14),
            struct(event.event_date AS since, concat(found.ids, array(event.condition_id)) AS ids),
            found),
        found -> found.ids)) AS condition_id
    FROM dated GROUP BY source, person, chain_id, type
)
SELECT c.source, c.condition_id, stay_id, patient_id, chain_id, type, key, event_date, present, hospital_day,
       CASE WHEN decision IN ('present_on_admission', 'hospital_onset') AND event_date IS NOT NULL
                 AND o.condition_id IS NULL THEN 'repeat_within_14_days'
            ELSE decision END AS decision
FROM infection_candidate c LEFT JOIN opener o ON o.source = c.source AND o.condition_id = c.condition_id
