-- The fields of the live encounters; most are wanted of finished inpatient encounters that are no part of another one.
WITH live AS (
    SELECT *, is_whole AND status = 'finished' AS is_inpatient
    FROM (
        SELECT *, class_kind <> 'not_inpatient' AND (part_of_id IS NULL OR part_of_id = id) AS is_whole
        FROM encounter
        WHERE is_live
    )
)
SELECT source, 'Encounter' AS resource, unnest([
    {'field': 'Encounter.class (mapped)', 'wanted': 1, 'present': (class_kind IS NOT NULL)::INTEGER},
    {'field': 'Encounter.status (known, of inpatients)', 'wanted': is_whole::INTEGER,
     'present': holds(list_contains(all_codes('encounter_status'), status))::INTEGER},
    {'field': 'Encounter.serviceProvider', 'wanted': is_inpatient::INTEGER,
     'present': (hospital_id IS NOT NULL)::INTEGER},
    {'field': 'Encounter.period.start (to the day)', 'wanted': is_inpatient::INTEGER,
     'present': (period_start_date IS NOT NULL)::INTEGER},
    {'field': 'Encounter.period.end (to the day)', 'wanted': is_inpatient::INTEGER,
     'present': (period_end_date IS NOT NULL)::INTEGER},
    {'field': 'Encounter.period (with times of day)', 'wanted': is_inpatient::INTEGER, 'present': has_times::INTEGER},
    {'field': 'Encounter.period (in UTC, no zone set)',
     'wanted': (is_inpatient AND (has_time(period_start) OR has_time(period_end)))::INTEGER,
     'present': ((is_utc(period_start) OR is_utc(period_end)) AND timezone IS NULL)::INTEGER}
], recursive := true)
FROM live
