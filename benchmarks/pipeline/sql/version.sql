-- The new versions of each resource, typed; a deletion is a version without content (docs/contracts.md#version-order).
CREATE OR REPLACE MACRO stamp(last_updated) AS coalesce(instant(last_updated), getvariable('received_at'));
CREATE OR REPLACE MACRO number(version_id) AS
    CASE WHEN regexp_full_match(version_id, '\d{1,20}') THEN version_id::HUGEINT ELSE 0 END;
CREATE OR REPLACE MACRO codings_of(concepts) AS coalesce(flatten(list_transform(concepts, lambda c: c.coding)), []);

CREATE TEMP VIEW resource AS
SELECT *, stamp(meta.lastUpdated) AS stamp, number(meta.versionId) AS number,
       instant(meta.lastUpdated) IS NOT NULL AS is_stamped, getvariable('received_at') AS received_at
FROM record WHERE trim(id) <> '';

CREATE TEMP VIEW tombstone AS
SELECT source, resource_type, id, stamp(last_updated) AS stamp, 0::HUGEINT AS number, sha256,
       instant(last_updated) IS NOT NULL AS is_stamped, getvariable('received_at') AS received_at, false AS is_live
FROM deletion;

CREATE TEMP VIEW patient_version AS
SELECT source, id, stamp, number, sha256, is_stamped, received_at, true AS is_live,
       gender, local_date(birthDate) AS birth_date, local_date(deceasedDateTime) AS death_date,
       deceasedDateTime IS NOT NULL OR coalesce(deceasedBoolean = 'true', false) AS is_deceased,
       list_min(list_transform(list_filter(link, lambda l: l.type = 'replaced-by'),
                               lambda l: reference_id(l.other.reference, 'Patient'))) AS replaced_by_id
FROM resource WHERE resourceType = 'Patient'
UNION ALL BY NAME SELECT * EXCLUDE resource_type FROM tombstone WHERE resource_type = 'Patient';

CREATE TEMP VIEW encounter_version AS
SELECT source, r.id, stamp, number, sha256, is_stamped, received_at,
       coalesce(status <> 'entered-in-error', true) AS is_live, status,
       reference_id(subject.reference, 'Patient') AS patient_id, reference_id(partOf.reference, 'Encounter') AS part_of_id,
       reference_id(serviceProvider.reference, 'Organization') AS hospital_id,
       coalesce(k.category, CASE WHEN list_has_any(
           list_transform(codings_of(r.type), lambda c: coding_key(c)), getvariable('inpatient_types')
       ) THEN 'acute_inpatient' END) AS class_kind,
       period.start AS period_start, period.end AS period_end,
       instant(period.start) AS start_at, instant(period.end) AS end_at,
       local_date(period.start) AS start_date, local_date(period.end) AS end_date,
       hospitalization.admitSource.coding AS admit_sources,
       hospitalization.dischargeDisposition.coding AS dispositions, codings_of(reasonCode) AS reasons,
       list_transform(diagnosis, lambda d: {
           'condition_id': reference_id(d.condition.reference, 'Condition'), 'rank': try_cast(d.rank AS INTEGER),
           'use_code': one_of(d.use.coding, ['DD', 'billing', 'CC']),
           'present_on_admission': upper(one_of(list_filter(d.extension,
               lambda e: e.url LIKE '%qicore-encounter-diagnosisPresentOnAdmission'
           )[1].valueCodeableConcept.coding, ['Y', 'W', 'N', 'U', 'y', 'w', 'n', 'u']))}) AS diagnoses
FROM resource r LEFT JOIN code k ON k.value_set = 'encounter_class' AND k.key = r.class.system || '|' || r.class.code
WHERE resourceType = 'Encounter'
UNION ALL BY NAME SELECT * EXCLUDE resource_type FROM tombstone WHERE resource_type = 'Encounter';

CREATE TEMP VIEW condition_version AS
SELECT source, id, stamp, number, sha256, is_stamped, received_at,
       coalesce(verification(verificationStatus.coding) <> 'entered-in-error', true) AS is_live,
       reference_id(subject.reference, 'Patient') AS patient_id, reference_id(encounter.reference, 'Encounter') AS encounter_id,
       code.coding AS codings, list_transform(codings_of(category), lambda c: c.code) AS category_codes,
       verification(verificationStatus.coding) AS verification_status,
       least(local_date(coalesce(onsetDateTime, onsetPeriod.start)), local_date(recordedDate)) AS event_date
FROM resource WHERE resourceType = 'Condition'
UNION ALL BY NAME SELECT * EXCLUDE resource_type FROM tombstone WHERE resource_type = 'Condition';
