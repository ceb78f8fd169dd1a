-- silver.stay: one row per inpatient stay, with its patient, its chain and its diagnoses.
--
-- The age is in completed years on the admission date; who is born on 29 February has the birthday on 1 March else. The
-- death date is in the zone of the hospital, like all dates of the row.
SELECT s.* EXCLUDE (principal),
       p.id IS NOT NULL AS is_patient_known, p.gender AS sex, p.birth_date,
       year(s.admission_date) - year(p.birth_date)
           - if(strftime(s.admission_date, '%m%d') < strftime(p.birth_date, '%m%d'), 1, 0) AS age,
       p.is_deceased, local_date(p.death_date_text, s.timezone) AS death_date, p.body_sha256 AS patient_sha256,
       holds(configured.has_dispositions) AS has_dispositions, holds(h.is_cancer_hospital) AS is_cancer_hospital,
       c.chain_id, c.chain_position, c.chain_length, e.emergency_start_at, e.emergency_start_date,
       s.principal.codings[1] AS principal_diagnosis, s.principal.codings AS principal_codings,
       CASE WHEN s.principal.condition_id IS NOT NULL THEN
           {'id': s.principal.condition_id, 'body_sha256': s.principal.body_sha256} END AS principal_condition
FROM merged_stay s
JOIN chain c ON c.source = s.source AND c.id = s.id
LEFT JOIN emergency_start e ON e.source = s.source AND e.id = s.id
LEFT JOIN patient p ON p.source = s.source AND p.id = s.patient_id AND p.is_live
LEFT JOIN source configured ON configured.source = s.source
LEFT JOIN hospital h ON h.source = s.source AND h.hospital_id = s.hospital_id
