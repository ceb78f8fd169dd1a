-- gold.infection_event: one row per stay, infection and profile, with the decision on it and why, in words.
WITH sentence (decision, reason) AS (VALUES
    ('not_confirmed', 'The diagnosis is refuted or not confirmed.'),
    ('excluded_code', 'A code for a suspicion, not for an infection.'),
    ('after_discharge', 'The infection began later than the day after discharge.'),
    ('before_admission', 'The infection began more than two days before admission.'),
    ('date_unknown', 'Neither an onset nor a recorded date is usable.'),
    ('present_on_admission', 'Present on admission by its indicator, its code, or its date (hospital day 1 or 2).'),
    ('hospital_onset', 'Began in hospital by its indicator, its code, or its date (hospital day 3 or later).'),
    ('repeat_within_14_days', 'The same infection within 14 days of an earlier event.')
)
SELECT d.source, d.stay_id, d.condition_id, p.profile, d.patient_id, d.hospital_id, d.type, d.code, d.display,
       d.event_date, d.hospital_day, d.present_on_admission, d.decision, s.reason, d.body_sha256,
       getvariable('definition_version') AS definition_version, getvariable('run_id') AS run_id
FROM infection_decision d
JOIN sentence s ON s.decision = d.decision
JOIN profile p ON p.accepts_unconfirmed = d.accepts_unconfirmed
