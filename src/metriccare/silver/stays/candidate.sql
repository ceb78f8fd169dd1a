-- Inpatient encounters that are or were a stay, and are no segments (MEASURES 0.1.1, 0.1.5).
--
-- `planned`, `arrived` and `triaged` are none yet, `cancelled` never was; `unknown` counts with both dates.
SELECT e.*, patient_id IS NOT NULL AND hospital_id IS NOT NULL AS has_place,
       coalesce(greatest(period_end_at, period_start_at), period_start_at) AS covered_until
FROM live_encounter e
ANTI JOIN segment s ON s.source = e.source AND s.id = e.id
WHERE class_kind IN ('acute_inpatient', 'nonacute_inpatient') AND (
    list_contains(codes('encounter_status', 'closed'), status)
    OR list_contains(codes('encounter_status', 'open'), status)
    OR (list_contains(codes('encounter_status', 'closed_if_dated'), status)
        AND period_start_at IS NOT NULL AND period_end_at IS NOT NULL))
