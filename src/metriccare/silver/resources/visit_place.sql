-- Encounters with their patient, their hospital and its zone, and their codes as lists.
--
-- The hospital is the one that the reference means by the configured aliases (MEASURES 0.4.5). The zone is that of the
-- hospital, else of the source, else the one for all; null takes dates as they are written (0.2.1).
WITH named AS (
    SELECT *, reference_id(r.subject.reference) AS patient_id, reference_id(r.partOf.reference) AS part_of_id,
           reference_id(r.serviceProvider.reference) AS named_hospital_id,
           codings_of(r.type) AS types,
           coalesce(r.hospitalization.admitSource.coding, []) AS admit_sources,
           coalesce(r.hospitalization.dischargeDisposition.coding, []) AS dispositions
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
