-- The fields of the live patients that measures need: where each is wanted, and whether it is there.
SELECT source, 'Patient' AS resource, unnest([
    {'field': 'Patient.birthDate (to the day)', 'wanted': 1, 'present': (birth_date IS NOT NULL)::INTEGER},
    {'field': 'Patient.gender', 'wanted': 1, 'present': (gender IS NOT NULL)::INTEGER},
    {'field': 'Patient.deceased[x] (dead)', 'wanted': 1, 'present': is_deceased::INTEGER},
    {'field': 'Patient.deceasedDateTime (to the day, of the dead)', 'wanted': is_deceased::INTEGER,
     'present': (death_date IS NOT NULL)::INTEGER}
], recursive := true)
FROM patient
WHERE is_live
