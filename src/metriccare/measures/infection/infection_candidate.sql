-- Infections that belong to a stay, with its dates and chain, and how they are dated (MEASURES 3.1.1, 3.1.3).
--
-- The event date is the earlier of onset and recorded date, as calendar dates where the stay is, like its own (0.2.1).
-- The day of admission is hospital day 1.
WITH linked AS (
    SELECT i.source, i.condition_id, i.type, i.rule, i.code, i.display, i.verification_status, i.body_sha256,
           s.id AS stay_id, s.patient_id, s.hospital_id, s.chain_id, s.admission_date, s.discharge_date,
           least(local_date(i.onset, s.timezone), local_date(i.recorded, s.timezone)) AS event_date,
           list_filter(s.diagnoses, lambda d: d.condition_id = i.condition_id AND d.present_on_admission IS NOT NULL)
               [1].present_on_admission AS present_on_admission
    FROM infection i
    JOIN infection_link l ON l.source = i.source AND l.condition_id = i.condition_id
    JOIN stay s ON s.source = l.source AND s.id = l.stay_id
)
SELECT *, event_date - admission_date + 1 AS hospital_day FROM linked
