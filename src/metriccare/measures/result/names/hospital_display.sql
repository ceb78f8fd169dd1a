-- The newest of the displays by which the stays of each hospital call it; a stay without one hides no older display.
SELECT hospital_id, arg_max_null(hospital_display, rank) AS hospital_display,
       max(rank).admission_at AS admission_at, max(rank).id AS id
FROM (
    SELECT *, CASE WHEN hospital_display IS NOT NULL THEN
        {'admission_at': coalesce(admission_at, TIMESTAMPTZ '0001-01-01 00:00:00+00'), 'id': id} END AS rank
    FROM hospital_display
)
WHERE hospital_id IS NOT NULL
GROUP BY hospital_id
