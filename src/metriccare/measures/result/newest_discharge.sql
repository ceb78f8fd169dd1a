-- The newest of the discharges that are not after the date on which their delivery was received.
--
-- A discharge in the future is a typing error, and must not move as_of.
FROM stay
WHERE discharge_date <= received_at::DATE
ORDER BY discharge_date DESC
LIMIT 1
