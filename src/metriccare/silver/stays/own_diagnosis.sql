-- The encounter-diagnosis conditions that refer to an encounter and are not refuted (MEASURES 10.13).
SELECT m.source, m.id,
       list({'condition_id': c.id, 'body_sha256': c.body_sha256, 'codings': c.codings} ORDER BY c.id) AS diagnoses
FROM live_condition c
JOIN member m ON m.source = c.source AND m.id = c.encounter_id AND (c.patient_id = m.patient_id OR c.patient_id IS NULL)
WHERE NOT is_refuted(c.verification_status)
  AND (len(coalesce(category_codes, [])) = 0 OR list_has_any(category_codes, codes('condition_category', 'encounter')))
GROUP BY m.source, m.id
