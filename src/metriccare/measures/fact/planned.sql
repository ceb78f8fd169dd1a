-- The stays with what each would be as a readmission (MEASURES 1.3), and with its `place` in the order of its
-- patient's.
--
-- `index_categories`: what keeps it from being an index admission (1.1.6). `is_planned`: by its diagnosis;
-- `_by_proxy`: admitted electively, and not for an infection. Without a diagnosis (`is_diagnosed`) the planned status
-- can't be told. `diagnosis_keys`: what two stays for the same have in common (0.4.6); a mere text is no code in
-- common.
SELECT source, id, coalesce('patient ' || patient_id, 'stay ' || id) AS person,  -- a stay of nobody stands alone
       row_number() OVER in_time AS place, patient_id, hospital_id, chain_id, chain_position, is_acute,
       admission_date, discharge_date, disposition_class, body_sha256,
       categories_of('index_exclusion_diagnosis', principal_codings) AS index_categories,
       holds(len(principal_codings) > 0) AS is_diagnosed,
       is_in('planned_diagnosis', principal_codings) AS is_planned,
       is_elective AND NOT is_in('infection', principal_codings) AS is_planned_by_proxy,
       list_transform(list_filter(principal_codings, lambda c: c.code IS NOT NULL),
           lambda c: concat_ws('|', c.system, c.code)) AS diagnosis_keys
FROM stay
WINDOW in_time AS (PARTITION BY source, person ORDER BY admission_date NULLS FIRST, admission_at NULLS FIRST, id)
