-- silver.patient: one row per patient ever seen; dates less precise than a day are null, with a flag.
--
-- `death_date` is in the zone of the source; silver.stay has that of the hospital. Of several patients that replace
-- this one the first by the alphabet counts.
WITH read AS (
    SELECT p.*, r.birthDate AS birth_date_text, r.deceasedDateTime AS death_date_text,
           list_sort(list_distinct(there(list_transform(
               list_filter(r.link, lambda l: l.type = 'replaced-by'), lambda l: reference_id('Patient', l.other)
           )))) AS replacing,
           coalesce(configured.timezone, getvariable('timezone')) AS timezone
    FROM patient_parsed p
    LEFT JOIN source configured ON configured.source = p.source
)
SELECT * EXCLUDE (r), NOT is_deletion AS is_live,
       r.gender AS gender,
       local_date(birth_date_text, NULL) AS birth_date,
       death_date_text IS NOT NULL OR holds(r.deceasedBoolean = 'true') AS is_deceased,
       local_date(death_date_text, timezone) AS death_date,
       replacing[1] AS replaced_by_id,
       holds(len(list_filter(r.meta.tag, lambda t:
           t.system = 'http://terminology.hl7.org/CodeSystem/v3-ActReason' AND t.code = 'HTEST')) > 0) AS is_synthetic,
       CASE WHEN is_deletion THEN [] ELSE there([
           flag(birth_date_text IS NULL, 'birth_date_missing'),
           flag(is_partial(birth_date_text), 'birth_date_partial'),
           flag(is_unreadable(birth_date_text), 'birth_date_unreadable'),
           flag(len(replacing) > 1, 'replaced_by_several'),
           flag(is_partial(death_date_text), 'death_date_partial'),
           flag(is_unreadable(death_date_text), 'death_date_unreadable'),
           stamp_flag,
           flag(is_tied, 'version_order_unknown')
       ]) END AS quality_flags
FROM read
