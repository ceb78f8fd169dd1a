-- The events that open a timeframe of 14 days, whose day 1 is their own date (MEASURES 3.2).
--
-- Per infection type and transfer chain (which is of one patient) the first event opens one, one present on admission
-- too; the next opener is the first event after its end. Repeats do not prolong it.
WITH RECURSIVE event AS (
    SELECT source, chain_id, type, accepts_unconfirmed, (event_date, condition_id) AS event
    FROM infection_onset
    WHERE onset IN ('present_on_admission', 'hospital_onset') AND event_date IS NOT NULL
), opener AS (
    SELECT source, chain_id, type, accepts_unconfirmed, min(event) AS event
    FROM event
    GROUP BY ALL
    UNION ALL
    SELECT e.source, e.chain_id, e.type, e.accepts_unconfirmed, min(e.event) AS event
    FROM opener o
    JOIN event e ON e.source = o.source AND e.chain_id = o.chain_id AND e.type = o.type
        AND e.accepts_unconfirmed = o.accepts_unconfirmed AND e.event[1] - o.event[1] >= 14
    GROUP BY ALL
)
SELECT source, accepts_unconfirmed, event[2] AS condition_id FROM opener
