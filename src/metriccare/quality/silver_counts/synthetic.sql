-- Whether all patients that are there are marked as test data; a deletion says nothing of them.
SELECT bool_and(is_synthetic) AS is_synthetic FROM patient WHERE is_live
