-- The stays with everything that the clauses ask and that all profiles have in common.
SELECT s.*, p.index_categories, p.is_diagnosed, p.diagnosis_keys,
       n.next_acute, n.next_stay, n.last_stay,
       l.previous_leg, l.next_leg, l.chain_admission_date, l.chain_discharge_date,
       s.chain_position = 1 AS is_first_leg, s.chain_position = s.chain_length AS is_last_leg,
       h.last_hospice,
       d.is_expired, d.has_no_disposition, d.death_on, d.died_in_hospital, d.is_born_later,
       d.is_vital_status_inconsistent, d.death_chain_id,
       -- left alive and died on the same date: not in hospital (2.1); who went on to another hospital died there
       NOT d.died_in_hospital AND s.chain_position = s.chain_length AND d.death_on = s.discharge_date
           AS died_on_discharge_date,
       c.is_covid_19_principal, c.covid_19_by_indicator,
       holds(n.next_acute.hospital_id = s.hospital_id AND n.next_acute.admission_date = s.discharge_date)
           AS is_back_the_same_day
FROM stay s
JOIN planned p ON p.source = s.source AND p.id = s.id
JOIN neighbour n ON n.source = s.source AND n.id = s.id
JOIN leg l ON l.source = s.source AND l.id = s.id
JOIN death d ON d.source = s.source AND d.id = s.id
JOIN covid_19 c ON c.source = s.source AND c.id = s.id
LEFT JOIN hospice h ON h.source = s.source AND h.id = s.id
