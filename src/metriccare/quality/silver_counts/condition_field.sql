-- The fields of the live conditions.
SELECT source, 'Condition' AS resource, unnest([
    {'field': 'Condition.encounter', 'wanted': 1, 'present': (encounter_id IS NOT NULL)::INTEGER},
    {'field': 'Condition.verificationStatus', 'wanted': 1, 'present': (verification_status IS NOT NULL)::INTEGER},
    {'field': 'Condition.code (SNOMED CT)', 'wanted': 1,
     'present': list_contains(list_transform(codings, lambda c: c.system), 'http://snomed.info/sct')::INTEGER}
], recursive := true)
FROM condition
WHERE is_live
