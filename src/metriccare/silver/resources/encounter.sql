-- silver.encounter: one row per encounter ever seen: what kind of visit, where, when, and how it ended.
--
-- Of the dispositions the first that maps wins; in a conflict expired, then against advice, then a transfer (MEASURES
-- 0.3).
WITH dated AS (
    SELECT *, r.period.start AS period_start, r.period.end AS period_end,
           instant(r.period.start, timezone) AS period_start_at, instant(r.period.end, timezone) AS period_end_at
    FROM visit_kind
)
SELECT * EXCLUDE (r), coalesce(r.status, '') <> 'entered-in-error' AND NOT is_deletion AS is_live,
       r.status AS status, r.class.system AS class_system, r.class.code AS class_code, r.class.display AS class_display,
       first_code(r.priority) AS priority_code, r.serviceProvider.display AS hospital_display,
       local_date(period_start, timezone) AS period_start_date, local_date(period_end, timezone) AS period_end_date,
       has_time(period_start) AND has_time(period_end) AS has_times,
       admit_sources[1].code AS admit_source_code,
       first_code(r.hospitalization.reAdmission) AS re_admission_code,
       dispositions[1].code AS disposition_code,
       coalesce(
           list_filter(['expired', 'left_against_medical_advice', 'acute_transfer'],
               lambda one: list_contains(disposition_classes, one))[1],
           disposition_classes[1],
           if(len(dispositions) > 0, 'unknown', NULL)) AS disposition_class,
       codings_of(r.reasonCode) AS reasons,
       coalesce(list_transform(r.diagnosis, lambda d: {
           'condition_id': reference_id(d.condition.reference),
           'rank': try_cast(regexp_extract(d.rank, '^(-?\d+)(\.\d+)?$', 1) AS INTEGER),
           'use_code': first_code(d.use),
           'present_on_admission': upper(first_code(list_filter(d.extension, lambda e:
               ends_with(e.url, 'qicore-encounter-diagnosisPresentOnAdmission'))[1].valueCodeableConcept))
       }), []) AS diagnoses,
       CASE WHEN is_deletion THEN [] ELSE there([
           flag(patient_id IS NULL, 'patient_missing'),
           flag(hospital_id IS NULL, 'hospital_missing'),
           flag(class_kind IS NULL, 'class_unmapped'),
           flag(period_start IS NULL, 'period_start_missing'),
           flag(is_partial(period_start) OR is_partial(period_end), 'period_partial'),
           flag(is_unreadable(period_start) OR is_unreadable(period_end), 'period_unreadable'),
           flag(lacks_offset(period_start) OR lacks_offset(period_end), 'period_without_offset'),
           flag(period_end_at < period_start_at, 'period_reversed'),
           flag(part_of_id = id, 'part_of_itself'),
           flag(len(disposition_classes) > 1, 'disposition_conflict'),
           flag(len(dispositions) > 0 AND len(disposition_classes) = 0, 'disposition_unmapped'),
           stamp_flag
       ]) END AS quality_flags
FROM dated
