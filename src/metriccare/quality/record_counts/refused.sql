-- How many records are in quarantine, by reason.
SELECT reason_code, count(*) AS records FROM record WHERE resource_type = '_quarantine' GROUP BY ALL
