-- The classes of live encounters that are not mapped (MEASURES 0.1.4).
SELECT source, 'encounter_class' AS value_set, class_system AS system, class_code AS code, class_display AS display
FROM encounter
WHERE is_live AND class_kind IS NULL
