-- When a patient died, and which stay the death belongs to (MEASURES 2.1, 2.2; by calendar date, 0.2.4).
--
-- `death_on` is the date of death; without one, the discharge date of a stay that ended in death. A stay claims the
-- death if its disposition says so; if that says nothing, by the date of death on one of its days; or, against a live
-- disposition, by a death before the day of discharge. Of several that claim it the patient died in the last.
WITH dated AS (
    SELECT s.source, s.id, p.person, p.place, s.is_open, s.chain_id, s.admission_date, s.discharge_date, s.birth_date,
           s.death_date, holds(s.disposition_class = 'expired') AS is_expired,
           coalesce(s.disposition_class, 'unknown') = 'unknown' AS has_no_disposition,  -- absent, or no map knows it
           coalesce(s.death_date, max(s.discharge_date) FILTER (s.disposition_class = 'expired')
               OVER (PARTITION BY p.source, p.person)) AS death_on
    FROM stay s
    JOIN planned p ON p.source = s.source AND p.id = s.id
), claimed AS (
    SELECT *, NOT is_open AND (is_expired
            OR holds(has_no_disposition AND death_date BETWEEN admission_date AND discharge_date)
            OR holds(death_date >= admission_date AND death_date < discharge_date)) AS claims_the_death
    FROM dated
)
SELECT source, id, is_expired, has_no_disposition, death_on,
       holds(claims_the_death AND place = max(place) FILTER (claims_the_death) OVER all_stays) AS died_in_hospital,
       holds(birth_date > admission_date) AS is_born_later,
       holds(max(admission_date) OVER all_stays > death_on) OR holds(birth_date > admission_date)
           AS is_vital_status_inconsistent,
       arg_max(chain_id, place) FILTER (admission_date <= death_on) OVER all_stays AS death_chain_id
FROM claimed
WINDOW all_stays AS (PARTITION BY source, person)
