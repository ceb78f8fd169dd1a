-- The functions that all steps share. Lists count from 1; a condition that can't be decided is null until `holds` says no.

CREATE MACRO holds(condition) AS coalesce(condition, false);
CREATE MACRO there(list) AS list_filter(list, lambda x: x IS NOT NULL);
CREATE MACRO in_order(list) AS list_filter(list, lambda x, i: list_position(list, x) = i);  -- distinct, the order kept
CREATE MACRO flag(applies, name) AS CASE WHEN applies THEN name END;

-- Codes. `codes` gives the codes of a category of a value set, `category_of` the category of one Coding, else null.
CREATE MACRO codes(value_set, category) AS getvariable('codes')[concat(value_set, '/', category)];
CREATE MACRO coding_key(coding) AS CASE  -- Synthea writes both "1" and "01" for the two-digit UB-04 codes (MEASURES 0.3)
    WHEN coding.system IN ('http://www.nubc.org/patient-discharge', 'https://www.nubc.org/CodeSystem/PatDischargeStatus')
         AND len(coding.code) = 1 THEN concat_ws('|', coding.system, '0' || coding.code)
    ELSE concat_ws('|', coding.system, coding.code) END;
CREATE MACRO category_of(value_set, coding) AS getvariable('categories')[value_set][coding_key(coding)];
CREATE MACRO categories_of(value_set, codings) AS in_order(there(list_transform(codings,
    lambda c: getvariable('categories')[value_set][coding_key(c)])));
CREATE MACRO is_in(value_set, codings) AS list_has_any(
    list_transform(coalesce(codings, []), lambda c: coding_key(c)), map_keys(getvariable('categories')[value_set]));

-- FHIR dates (docs/contracts.md#dates). A year or a month is no day; a leap second is read as the second before it.
CREATE MACRO has_day(t) AS holds(regexp_matches(t, '^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(T([01]\d|2[0-3]):[0-5]\d(:([0-5]\d|60)(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?$'));
CREATE MACRO has_time(t) AS holds(regexp_matches(t, '^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d'));
CREATE MACRO has_offset(t) AS holds(regexp_matches(t, '(Z|[+-]\d{2}:\d{2})$'));
CREATE MACRO moment(t) AS least(
    try_cast(CASE WHEN contains(t, ':60') THEN regexp_replace(t, '(T\d{2}:\d{2}):60', '\1:59') ELSE t END AS TIMESTAMPTZ),
    TIMESTAMPTZ '9999-12-31 23:59:59+00');
CREATE MACRO local_date(t, zone) AS CASE WHEN has_day(t) THEN
    CASE WHEN zone IS NULL OR NOT has_time(t) OR NOT has_offset(t) THEN try_cast(t[1:10] AS DATE)
         ELSE least(timezone(zone, moment(t))::DATE, DATE '9999-12-31') END END;

-- Evidence: the resources that decided, each with its role.
CREATE MACRO proof(role, source, kind, id, sha256) AS CASE WHEN sha256 IS NOT NULL THEN
    [{'role': role, 'source': source, 'type': kind, 'id': id, 'body_sha256': sha256}] END;
CREATE MACRO proofs(a, b) AS list_concat(coalesce(a, []), coalesce(b, []));

-- What results are filed under. Sums are exact, of whole seconds and decimals: one of doubles depends on their order. A
-- double becomes the decimal that it is written as.
CREATE MACRO month_of(date) AS strftime(date, '%Y-%m');
CREATE MACRO age_band(age) AS CASE
    WHEN age IS NULL THEN 'unknown'
    WHEN age < 18 THEN '0-17'
    WHEN age < 45 THEN '18-44'
    WHEN age < 65 THEN '45-64'
    WHEN age < 75 THEN '65-74'
    WHEN age < 85 THEN '75-84'
    ELSE '85+' END;
CREATE MACRO seconds(days) AS round(days * 86400)::BIGINT;
CREATE MACRO exact(number) AS number::VARCHAR::DECIMAL(28, 12);
CREATE MACRO deviation(n, total, squares) AS  -- of a sample; null below two values
    CASE WHEN n > 1 THEN sqrt(greatest(0, (squares - total * total / n) / (n - 1))) END;
