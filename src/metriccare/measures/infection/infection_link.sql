-- Which stay an infection belongs to (MEASURES 3.3): by `Condition.encounter`, else `Encounter.diagnosis`, else by
-- patient and date.
--
-- An infection of another patient belongs to no stay of this one; one that names nobody, only by its encounter.
WITH encounter_of AS (
    SELECT source, id AS stay_id, patient_id, unnest(encounter_ids) AS encounter_id FROM stay
), by_encounter AS (
    SELECT i.source, i.condition_id, e.stay_id, 1 AS way
    FROM infection i
    JOIN encounter_of e ON e.source = i.source AND e.encounter_id = i.encounter_id
        AND (i.patient_id IS NULL OR i.patient_id = e.patient_id)
), listed AS (
    SELECT source, id AS stay_id, patient_id, unnest(diagnoses).condition_id AS condition_id FROM stay
), by_diagnosis AS (  -- one that several stays list belongs to the smallest id
    SELECT i.source, i.condition_id, min(l.stay_id) AS stay_id, 2 AS way
    FROM infection i
    JOIN listed l ON l.source = i.source AND l.condition_id = i.condition_id AND l.patient_id = i.patient_id
    GROUP BY i.source, i.condition_id
), loose AS (  -- an item of the problem list belongs to a stay only if one of the two refers to the other
    SELECT * FROM infection
    WHERE encounter_id IS NULL
      AND NOT list_has_any(coalesce(category_codes, []), codes('condition_category', 'problem'))
), dated AS (
    SELECT l.source, l.condition_id, s.id AS stay_id, s.is_open, s.admission_date, s.discharge_date,
           least(local_date(l.onset, s.timezone), local_date(l.recorded, s.timezone)) AS event_date
    FROM loose l
    JOIN stay s ON s.source = l.source AND s.patient_id = l.patient_id
), by_date AS (  -- of several stays the last to begin
    SELECT source, condition_id, arg_max(stay_id, (admission_date, stay_id)) AS stay_id, 3 AS way
    FROM dated
    WHERE event_date >= admission_date AND (is_open OR event_date <= discharge_date)
    GROUP BY source, condition_id
)
SELECT source, condition_id, stay_id
FROM (FROM by_encounter UNION ALL FROM by_diagnosis UNION ALL FROM by_date)
QUALIFY way = min(way) OVER (PARTITION BY source, condition_id)
