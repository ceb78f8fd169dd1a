-- Emergency and observation visits with times of day; class or type says it, a stay's own class is neither.
SELECT source, patient_id, period_start_at, period_start_date, period_end_at, kind
FROM (
    SELECT *, coalesce(category_of('preceding_visit', {'system': class_system, 'code': class_code}),
                       categories_of('preceding_visit', types)[1]) AS kind
    FROM live_encounter
)
WHERE kind IS NOT NULL AND has_times AND patient_id IS NOT NULL AND period_start_at <= period_end_at
