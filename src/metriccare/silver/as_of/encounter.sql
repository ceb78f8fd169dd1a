-- The encounters of these patients that have begun by as_of; one that ends later is in progress, its disposition not
-- known.
--
-- The instant of the end stays, since it says which encounters are one stay: that does not depend on the cut. An open
-- stay does not show it.
WITH begun AS (
    SELECT e.*, holds(e.period_end_date > getvariable('as_of')) AS crosses
    FROM encounter e
    LEFT JOIN survivor s ON s.source = e.source AND s.patient_id = e.patient_id
    SEMI JOIN later_patient p ON p.source = e.source
        AND p.patient_id IS NOT DISTINCT FROM coalesce(s.survivor_id, e.patient_id)
    WHERE e.period_start_date IS NULL OR e.period_start_date <= getvariable('as_of')
), was AS (
    SELECT *, list_contains(codes('encounter_status', 'closed'), status)
              OR list_contains(codes('encounter_status', 'closed_if_dated'), status) AS was_closed
    FROM begun
)
SELECT * EXCLUDE (crosses, was_closed) REPLACE (
    CASE WHEN crosses AND was_closed THEN codes('encounter_status', 'open')[1] ELSE status END AS status,
    CASE WHEN NOT crosses THEN disposition_class END AS disposition_class,
    CASE WHEN NOT crosses THEN period_end END AS period_end,
    CASE WHEN NOT crosses THEN period_end_date END AS period_end_date)
FROM was
