-- Infections of the stays: linked, decided, repeats within 14 days taken out (MEASURES 3). Those that
-- are not confirmed are none.
CREATE TEMP TABLE infection AS
WITH infected AS (
    SELECT source, id AS condition_id, patient_id, encounter_id, category_codes, verification_status, event_date,
           unnest(codings) AS coding, generate_subscripts(codings, 1) AS ord
    FROM known_condition
)
SELECT i.* EXCLUDE (coding, ord), k.category AS type, k.rule, k.key
FROM infected i JOIN code k ON k.value_set = 'infection' AND k.key = coding_key(i.coding)
QUALIFY row_number() OVER (PARTITION BY source, condition_id ORDER BY ord) = 1;

CREATE TEMP TABLE stay_encounter AS
WITH own AS (SELECT source, patient_id, id AS stay_id, unnest(encounter_ids) AS encounter_id FROM stay)
FROM own UNION ALL
SELECT o.source, o.patient_id, o.stay_id, s.id FROM own o JOIN segment s
    ON s.source = o.source AND s.root_id = o.encounter_id AND s.patient_id = o.patient_id;

CREATE TEMP TABLE infection_link AS
WITH by_encounter AS (
    SELECT i.source, condition_id, stay_id, 1 AS way FROM infection i
    JOIN stay_encounter s ON s.source = i.source AND s.encounter_id = i.encounter_id
        AND (i.patient_id IS NULL OR i.patient_id = s.patient_id)
), by_diagnosis AS (
    SELECT i.source, condition_id, min(stay_id) AS stay_id, 2 AS way
    FROM diagnosis d JOIN infection i USING (source, condition_id, patient_id)
    JOIN stay_encounter s ON s.source = d.source AND s.encounter_id = d.encounter_id
    GROUP BY ALL
), by_date AS (
    SELECT i.source, condition_id, arg_max(s.id, (s.admission_date, s.id)) AS stay_id, 3 AS way
    FROM infection i JOIN stay s USING (source, patient_id)
    WHERE encounter_id IS NULL AND NOT list_contains(category_codes, 'problem-list-item')
      AND event_date >= admission_date AND (is_open OR event_date <= discharge_date)
    GROUP BY ALL
)
FROM (FROM by_encounter UNION ALL FROM by_diagnosis UNION ALL FROM by_date)
QUALIFY way = min(way) OVER (PARTITION BY source, condition_id);

CREATE TEMP TABLE infection_candidate AS
WITH indicator AS (
    SELECT d.source, s.stay_id, condition_id,
           arg_min(present_on_admission, (list_position(stay.encounter_ids, d.encounter_id), by_rank, ord)) AS indicator
    FROM diagnosis d JOIN stay_encounter s ON s.source = d.source AND s.encounter_id = d.encounter_id
    JOIN stay ON stay.source = s.source AND stay.id = s.stay_id GROUP BY ALL
)
SELECT i.source, i.condition_id, l.stay_id, s.patient_id, s.chain_id, i.type, i.key, i.event_date,
       poa.category AS present, i.event_date - s.admission_date + 1 AS hospital_day,
       CASE WHEN v.category IN ('refuted', 'unconfirmed') THEN 'not_confirmed'
            WHEN i.rule = 'exclude' THEN 'excluded_code'
            WHEN i.rule = 'never' THEN 'present_on_admission'
            WHEN i.event_date - s.discharge_date > 1 THEN 'after_discharge'
            WHEN s.admission_date - i.event_date > 2 THEN 'before_admission'
            WHEN poa.category = 'present' THEN 'present_on_admission'
            WHEN poa.category = 'not_present' THEN 'hospital_onset'
            WHEN i.event_date IS NULL AND i.rule = 'hospital_onset' THEN 'hospital_onset'
            WHEN i.event_date IS NULL OR s.admission_date IS NULL THEN 'date_unknown'
            WHEN i.event_date - s.admission_date + 1 < 3 THEN 'present_on_admission'
            ELSE 'hospital_onset' END AS decision
FROM infection i JOIN infection_link l USING (source, condition_id)
JOIN stay s ON s.source = l.source AND s.id = l.stay_id
LEFT JOIN indicator n ON n.source = l.source AND n.stay_id = l.stay_id AND n.condition_id = l.condition_id
LEFT JOIN code poa ON poa.value_set = 'present_on_admission' AND poa.code = n.indicator
LEFT JOIN code v ON v.value_set = 'condition_verification' AND v.code = i.verification_status;

CREATE TEMP TABLE infection_event AS
WITH RECURSIVE event AS (
    SELECT source, coalesce(patient_id, '') AS person, chain_id, type, event_date, condition_id
    FROM infection_candidate
    WHERE decision IN ('present_on_admission', 'hospital_onset') AND event_date IS NOT NULL
), opener AS (
    SELECT source, person, chain_id, type, min((event_date, condition_id)) AS first FROM event GROUP BY ALL
    UNION ALL
    SELECT e.source, e.person, e.chain_id, e.type, min((e.event_date, e.condition_id)) FROM opener o JOIN event e
        ON e.source = o.source AND e.person = o.person AND e.chain_id = o.chain_id AND e.type = o.type
        AND e.event_date >= o.first[1] + 14
    GROUP BY ALL
)
SELECT c.* REPLACE (CASE WHEN e.condition_id IS NOT NULL AND o.first IS NULL THEN 'repeat_within_14_days'
                         ELSE c.decision END AS decision)
FROM infection_candidate c LEFT JOIN event e USING (source, condition_id)
LEFT JOIN opener o ON o.source = c.source AND o.first[2] = c.condition_id;
