-- How the hospitals of the stays are called: by Organization.name, else by the newest display of a stay.
SELECT hospital_id, coalesce(o.name, d.hospital_display, hospital_id) AS name
FROM hospital_display d
LEFT JOIN organization_name o ON o.id = d.hospital_id
