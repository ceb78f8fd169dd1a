-- silver.encounter: one row per encounter ever seen: what kind of visit, where, when, and how it ended.
WITH dated AS (
    SELECT *, r.period.start AS period_start, r.period.end AS period_end,
           instant(r.period.start, timezone) AS period_start_at, instant(r.period.end, timezone) AS period_end_at
    FROM visit_kind
)
SELECT * EXCLUDE (r), coalesce(r.status, '') <> 'entered-in-error' AND NOT is_deletion AS is_live,
       r.status AS status, r.class.system AS class_system, r.class.code AS class_code, r.class.display AS class_display,
       code_among('elective_admission', r.priority.coding) AS priority_code,
       r.serviceProvider.display AS hospital_display,
       local_date(period_start, timezone) AS period_start_date, local_date(period_end, timezone) AS period_end_date,
       has_time(period_start) AND has_time(period_end) AS has_times,
       code_among('admit_source', admit_sources) AS admit_source_code,
       codes_in(r.hospitalization.reAdmission.coding)[1] AS re_admission_code,
       code_among('discharge_disposition', dispositions) AS disposition_code,
       coalesce(disposition_of(disposition_classes), if(len(dispositions) > 0, 'unknown', NULL)) AS disposition_class,
       codings_of(r.reasonCode) AS reasons,
       coalesce(list_transform(r.diagnosis, lambda d: {
           'condition_id': reference_id('Condition', d.condition),
           'rank': try_cast(regexp_extract(d.rank, '^(-?\d+)(\.\d+)?$', 1) AS INTEGER),
           'use_code': code_among('diagnosis_role', d.use.coding),
           'present_on_admission': code_among('present_on_admission', list_transform(
               codings_of(list_transform(
                   list_filter(d.extension, lambda e: ends_with(e.url, 'qicore-encounter-diagnosisPresentOnAdmission')),
                   lambda e: e.valueCodeableConcept)),
               lambda c: {'code': upper(c.code)}))
       }), []) AS diagnoses,
       CASE WHEN is_deletion THEN [] ELSE there([
           flag(patient_id IS NULL, 'patient_missing'),
           flag(hospital_id IS NULL, 'hospital_missing'),
           flag(class_kind IS NULL, 'class_unmapped'),
           flag(period_start IS NULL, 'period_start_missing'),
           flag(is_partial(period_start) OR is_partial(period_end), 'period_partial'),
           flag(is_unreadable(period_start) OR is_unreadable(period_end), 'period_unreadable'),
           flag(lacks_offset(period_start) OR lacks_offset(period_end), 'period_without_offset'),
           flag(CASE WHEN has_time(period_start) AND has_time(period_end) THEN period_end_at < period_start_at
                     ELSE period_end_date < period_start_date END, 'period_reversed'),
           flag(part_of_id = id, 'part_of_itself'),
           flag(len(disposition_classes) > 1, 'disposition_conflict'),
           flag(len(dispositions) > 0 AND len(disposition_classes) = 0, 'disposition_unmapped'),
           stamp_flag,
           flag(is_tied, 'version_order_unknown')
       ]) END AS quality_flags
FROM dated
