-- In how many places each field is wanted, and in how many of these it is present.
SELECT source, resource, field, coalesce(sum(wanted), 0) AS rows,
       coalesce(sum(present) FILTER (wanted > 0), 0) AS present
FROM (
    FROM patient_field UNION ALL BY NAME FROM encounter_field UNION ALL BY NAME FROM part_field
    UNION ALL BY NAME FROM stay_field UNION ALL BY NAME FROM condition_field
    UNION ALL BY NAME FROM infection_field UNION ALL BY NAME FROM version_field
)
GROUP BY ALL
