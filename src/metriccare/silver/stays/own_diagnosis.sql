-- The encounter-diagnosis conditions that refer to an encounter.
SELECT m.source, m.id,
       list({'condition_id': c.id, 'body_sha256': c.body_sha256, 'codings': c.codings} ORDER BY c.id) AS diagnoses
FROM live_condition c
JOIN member m ON m.source = c.source AND m.id = c.encounter_id AND (c.patient_id = m.patient_id OR c.patient_id IS NULL)
WHERE len(coalesce(category_codes, [])) = 0
   OR list_has_any(category_codes, codes('condition_category', 'encounter'))
GROUP BY m.source, m.id
