-- The live encounters, those of merged patients under the survivor's id (docs/contracts.md).
SELECT e.* REPLACE (
    coalesce(s.survivor_id, e.patient_id) AS patient_id,
    CASE WHEN s.patient_id IS NULL THEN e.quality_flags
         ELSE in_order(list_append(e.quality_flags, if(s.in_cycle, 'patient_link_cycle', 'patient_merged')))
    END AS quality_flags)
FROM encounter e
LEFT JOIN survivor s ON s.source = e.source AND s.patient_id = e.patient_id
WHERE e.is_live
