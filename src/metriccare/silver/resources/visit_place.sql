-- Encounters with their patient, their hospital and its zone, and their codes as lists.
--
-- The hospital is the one that the reference means by the configured aliases (MEASURES 0.4.5). The zone is that of the
-- hospital, else of the source, else the one for all; null takes dates as they are written (0.2.1).
WITH named AS (
    SELECT *, reference_id('Patient', r.subject) AS patient_id, reference_id('Encounter', r.partOf) AS part_of_id,
           reference_id('Organization', r.serviceProvider) AS named_hospital_id,
           codings_of(r.type) AS types,
           coalesce(r.hospitalization.admitSource.coding, []) AS admit_sources,
           codings_or_text(r.hospitalization.dischargeDisposition) AS dispositions
    FROM encounter_parsed
), placed AS (
    SELECT n.*, coalesce(alias.alias_of, n.named_hospital_id) AS hospital_id
    FROM named n
    LEFT JOIN hospital alias ON alias.source = n.source AND alias.hospital_id = n.named_hospital_id
)
SELECT p.*, coalesce(h.timezone, configured.timezone, getvariable('timezone')) AS timezone,
       holds(configured.inpatient_by_type) AS inpatient_by_type
FROM placed p
LEFT JOIN hospital h ON h.source = p.source AND h.hospital_id = p.hospital_id
LEFT JOIN source configured ON configured.source = p.source
