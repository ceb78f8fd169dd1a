-- The cells, once for each stratum that they belong to.
SELECT c.*, s.stratum, s.stratum_value
FROM cell c
JOIN stratum s ON s.hospital_id IS NOT DISTINCT FROM c.hospital_id AND s.month IS NOT DISTINCT FROM c.month
    AND s.infection_type IS NOT DISTINCT FROM c.infection_type AND s.code IS NOT DISTINCT FROM c.code
