-- The latest earlier stay that ended in hospice, 0 to 365 days before this admission (MEASURES 2.2).
SELECT s.source, s.id, arg_max({'id': h.id, 'body_sha256': h.body_sha256}, h.place) AS last_hospice
FROM planned s
JOIN planned h ON h.source = s.source AND h.person = s.person AND h.place < s.place
WHERE h.disposition_class = 'hospice' AND s.admission_date - h.discharge_date BETWEEN 0 AND 365
GROUP BY s.source, s.id
