-- One row per stay and profile: what is known of the stay, and what the profile asks for; the clauses are conditions
-- on it.
--
-- `counted_from_date`: on which the days of the stay begin: the admission, or the emergency visit before it if the
-- profile says so (MEASURES 4.7); `counted_from_at` as an instant.
SELECT s.*, p.*,
       coalesce(CASE WHEN p.starts_in_emergency THEN s.emergency_start_date END, s.admission_date) AS counted_from_date,
       coalesce(CASE WHEN p.starts_in_emergency THEN s.emergency_start_at END, s.admission_at) AS counted_from_at,
       coalesce(i.infection_count, 0) AS infection_count, i.first_infection_date, i.infections,
       coalesce(i.covid_19_by_decision, []) AS covid_19_by_decision
FROM stay_fact s
CROSS JOIN profile p
LEFT JOIN infection_count i ON i.source = s.source AND i.id = s.id AND i.profile = p.profile
