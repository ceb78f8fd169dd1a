-- Whether all of the patients are marked as test data.
SELECT bool_and(is_synthetic) AS is_synthetic FROM patient
