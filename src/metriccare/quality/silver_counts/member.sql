-- The encounters of the stays.
SELECT source, unnest(encounter_ids) AS id FROM stay
