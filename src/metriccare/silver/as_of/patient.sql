-- The patients without the deaths that come after as_of; a death without a usable date is known at any time.
SELECT * REPLACE (
    is_deceased AND NOT holds(death_date > getvariable('as_of')) AS is_deceased,
    CASE WHEN NOT holds(death_date > getvariable('as_of')) THEN death_date END AS death_date,
    CASE WHEN NOT holds(death_date > getvariable('as_of')) THEN death_date_text END AS death_date_text)
FROM patient
