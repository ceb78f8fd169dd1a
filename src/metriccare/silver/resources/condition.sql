-- silver.condition: one row per condition ever seen, with its dates in the zone of the source; the measures take those
-- of the stay's hospital.
--
-- `event_date` is the earlier of the usable onset (`onsetDateTime`, else `onsetPeriod.start`) and `recordedDate`
-- (MEASURES 3.1.3); `onsetAge`, `onsetString` and `onsetRange` give none.
WITH read AS (
    SELECT c.*, coalesce(r.onsetDateTime, r.onsetPeriod.start) AS onset, r.recordedDate AS recorded,
           verification_of(r.verificationStatus.coding) AS verification_status,
           reference_id('Encounter', r.encounter) AS encounter_id,
           coalesce(configured.timezone, getvariable('timezone')) AS timezone
    FROM condition_parsed c
    LEFT JOIN source configured ON configured.source = c.source
), dated AS (
    SELECT *, local_date(onset, timezone) AS onset_date, local_date(recorded, timezone) AS recorded_date,
           local_date(r.abatementDateTime, timezone) AS abatement_date
    FROM read
)
SELECT * EXCLUDE (r), coalesce(verification_status, '') <> 'entered-in-error' AND NOT is_deletion AS is_live,
       reference_id('Patient', r.subject) AS patient_id,
       coalesce(r.code.coding, []) AS codings,
       list_transform(codings_of(r.category), lambda c: c.code) AS category_codes,
       code_among('condition_clinical', r.clinicalStatus.coding) AS clinical_status,
       least(onset_date, recorded_date) AS event_date,
       CASE WHEN is_deletion THEN [] ELSE there([
           flag(is_partial(onset), 'onset_partial'),
           flag(is_unreadable(onset), 'onset_unreadable'),
           flag(is_unreadable(recorded), 'recorded_unreadable'),
           flag(recorded_date < onset_date, 'recorded_before_onset'),
           flag(abatement_date < onset_date, 'abatement_before_onset'),
           flag(encounter_id IS NULL, 'encounter_missing'),
           stamp_flag,
           flag(is_tied, 'version_order_unknown')
       ]) END AS quality_flags
FROM dated
