-- The fields of the stays: what the encounters of inpatients say of their end and their diagnoses.
WITH known AS (
    SELECT *, NOT is_open AS is_closed, NOT is_open AND disposition_class IS NOT NULL AS has_disposition,
           list_transform(diagnoses, lambda d: d.present_on_admission) AS present_on_admission
    FROM stay
)
SELECT source, 'Encounter' AS resource, unnest([
    {'field': 'Encounter.subject (a patient that was sent)', 'wanted': 1, 'present': is_patient_known::INTEGER},
    {'field': 'Encounter.hospitalization.dischargeDisposition', 'wanted': is_closed::INTEGER,
     'present': has_disposition::INTEGER},
    {'field': 'Encounter.hospitalization.dischargeDisposition (mapped)', 'wanted': has_disposition::INTEGER,
     'present': (NOT list_contains(quality_flags, 'disposition_unmapped'))::INTEGER},
    {'field': 'Encounter.hospitalization.dischargeDisposition (expired)', 'wanted': has_disposition::INTEGER,
     'present': (disposition_class = 'expired')::INTEGER},
    {'field': 'configuration has_dispositions', 'wanted': is_closed::INTEGER, 'present': has_dispositions::INTEGER},
    {'field': 'Encounter.diagnosis (principal known)', 'wanted': is_closed::INTEGER,
     'present': (principal_diagnosis IS NOT NULL)::INTEGER},
    {'field': 'Encounter.diagnosis (present-on-admission indicator)', 'wanted': len(present_on_admission),
     'present': len(there(present_on_admission))}
], recursive := true)
FROM known
