-- The versions that silver has to take: newer than its own, or of a resource that it does not know.
--
-- An unstamped version competes by the first receipt of its body, which may lie in an earlier delivery. Where there is
-- one, all versions are given, and an older one may win: a delivery that was received early and read late can set back
-- the first receipt.
WITH looked_at AS (
    SELECT source, resource_type, id, NOT bool_and(is_stamped) AS has_unstamped
    FROM version
    GROUP BY source, resource_type, id
)
SELECT n.*
FROM newest n
JOIN looked_at l ON l.source = n.source AND l.resource_type = n.resource_type AND l.id = n.id
LEFT JOIN held h ON h.source = n.source AND h.resource_type = n.resource_type AND h.id = n.id
WHERE h.version_order IS NULL OR n.version_order > h.version_order
   OR (l.has_unstamped AND n.version_order <> h.version_order)
