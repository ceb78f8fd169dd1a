-- What became of the live encounters: a member of a stay (of two, if there is a bug), or the reason why not.
SELECT CASE WHEN m.id IS NOT NULL THEN 'in_stay'
            WHEN e.class_kind IS NULL THEN 'class_unmapped'
            WHEN e.class_kind = 'not_inpatient' THEN 'not_inpatient'
            WHEN e.part_of_id IS NOT NULL THEN 'segment_of_no_stay'
            ELSE 'status_' || coalesce(e.status, 'missing') END AS outcome,
       count(*) AS rows
FROM encounter e
LEFT JOIN member m ON m.source = e.source AND m.id = e.id
WHERE e.is_live
GROUP BY ALL
