-- Stays for COVID-19, and diagnoses of it with the indicator of being present on admission (MEASURES 1.1.6).
SELECT source, id, is_in('covid_19', principal_codings) AS is_covid_19_principal,
       list_transform(
           list_filter(coalesce(diagnoses, []), lambda d: is_in('covid_19', d.codings)
               AND list_contains(codes('present_on_admission', 'present'), d.present_on_admission)),
           lambda d: {'role': 'diagnosis_on_admission', 'source': source, 'type': 'Condition', 'id': d.condition_id,
                      'body_sha256': d.body_sha256}) AS covid_19_by_indicator
FROM stay
