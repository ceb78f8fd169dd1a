-- The functions that all steps share. Lists count from 1; a condition that can't be decided is null until `holds`.

CREATE MACRO holds(condition) AS coalesce(condition, false);
CREATE MACRO there(list) AS list_filter(list, lambda x: x IS NOT NULL);
CREATE MACRO in_order(list) AS list_filter(list, lambda x, i: list_position(list, x) = i);  -- distinct, the order kept
CREATE MACRO flag(applies, name) AS CASE WHEN applies THEN name END;

-- A JSON text with null for empty texts, which FHIR does not allow and which say nothing. Within a JSON text no quote
-- stands alone, so the three characters are never part of one.
CREATE MACRO without_empty(t) AS if(contains(t, '""'), regexp_replace(t, ':\s*""', ':null', 'g'), t);

-- Codes. `codes` gives the codes of a category of a value set, `all_codes` those of all its categories, `category_of`
-- the category of one Coding, else null.
CREATE MACRO codes(value_set, category) AS getvariable('codes')[concat(value_set, '/', category)];
CREATE MACRO all_codes(value_set) AS getvariable('codes')[value_set];
CREATE MACRO coding_key(coding) AS CASE  -- Synthea writes "1" and "01" for the two-digit UB-04 codes (MEASURES 0.3)
    WHEN coding.system IN (
            'http://www.nubc.org/patient-discharge', 'https://www.nubc.org/CodeSystem/PatDischargeStatus')
         AND len(coding.code) = 1 THEN concat_ws('|', coding.system, '0' || coding.code)
    ELSE concat_ws('|', coding.system, coding.code) END;
CREATE MACRO category_of(value_set, coding) AS getvariable('categories')[value_set][coding_key(coding)];
CREATE MACRO categories_of(value_set, codings) AS in_order(there(list_transform(codings,
    lambda c: getvariable('categories')[value_set][coding_key(c)])));
CREATE MACRO is_in(value_set, codings) AS list_has_any(
    list_transform(coalesce(codings, []), lambda c: coding_key(c)), map_keys(getvariable('categories')[value_set]));

-- Concepts. A concept without codings has an empty list of them; a text without a code may stand for one in a source's
-- own map. Any coding counts, wherever it stands (MEASURES 10.13): the first whose code the value set lists, else the
-- first; and what rules a condition out goes before everything else.
CREATE MACRO codings_of(concepts) AS coalesce(flatten(list_transform(concepts, lambda c: coalesce(c.coding, []))), []);
CREATE MACRO codes_in(codings) AS there(list_transform(codings, lambda c: c.code));
CREATE MACRO codings_or_text(concept) AS CASE
    WHEN len(codes_in(concept.coding)) > 0 OR coalesce(trim(concept.text), '') = '' THEN coalesce(concept.coding, [])
    ELSE [{'system': NULL, 'code': trim(concept.text), 'display': trim(concept.text)}] END;
CREATE MACRO code_among(value_set, codings) AS coalesce(
    list_filter(codes_in(codings), lambda c: list_contains(all_codes(value_set), c))[1], codes_in(codings)[1]);
CREATE MACRO verification_of(codings) AS coalesce(
    list_filter(['entered-in-error', 'refuted'], lambda c: list_contains(codes_in(codings), c))[1],
    code_among('condition_verification', codings));
CREATE MACRO is_refuted(code) AS holds(list_contains(codes('condition_verification', 'refuted'), code));

-- References of any form to ids (docs/contracts.md#sources-and-ids). One that names another type than the wanted one
-- has none here (MEASURES 10.14), nor has a contained resource (`#x`).
CREATE MACRO reference_type(t) AS CASE
    WHEN contains(t, '?') THEN regexp_extract(t, '([A-Za-z]+)\?', 1)
    ELSE regexp_extract(t, '([A-Za-z]+)/[^/?#]+?(?:/_history/[^/]+)?/?$', 1) END;
CREATE MACRO is_reference_to(wanted, t) AS
    t IS NULL OR t = wanted OR NOT list_contains(all_codes('resource_type'), t);
CREATE MACRO id_in_reference(t) AS nullif(CASE
    WHEN starts_with(t, '#') THEN NULL
    WHEN starts_with(t, 'urn:') THEN regexp_extract(t, '^urn:(?:uuid|oid):(.+)$', 1)
    WHEN contains(t, '?') THEN regexp_extract(t, '[?&]identifier=(?:[^|&]*(?:\||%7[Cc]))?([^&]+)', 1)
    ELSE regexp_extract(t, '([^/?#]+?)(?:/_history/[^/]+)?/?$', 1) END, '');
CREATE MACRO reference_id(wanted, reference) AS CASE
    WHEN is_reference_to(wanted, reference.type) AND is_reference_to(wanted, reference_type(reference.reference))
    THEN id_in_reference(reference.reference) END;

-- FHIR dates (docs/contracts.md#dates). A year or a month is no day. FHIR R4 also allows the leap second.
CREATE MACRO day_pattern() AS '\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])';
CREATE MACRO clock_pattern() AS 'T([01]\d|2[0-3]):[0-5]\d(:([0-5]\d|60)(\.\d+)?)?';
CREATE MACRO offset_pattern() AS '(Z|[+-]\d{2}:\d{2})';
CREATE MACRO has_day(t) AS holds(regexp_matches(t,
    '^' || day_pattern() || '(' || clock_pattern() || offset_pattern() || '?)?$'));
CREATE MACRO has_time(t) AS holds(regexp_matches(t, '^' || day_pattern() || clock_pattern()));
CREATE MACRO has_offset(t) AS holds(regexp_matches(t, offset_pattern() || '$'));
CREATE MACRO lacks_offset(t) AS has_time(t) AND NOT has_offset(t);  -- invalid FHIR, read as local time (MEASURES 0.2.3)
CREATE MACRO is_utc(t) AS has_time(t) AND ends_with(t, 'Z');  -- the hospital's date may be another one
CREATE MACRO is_partial(t) AS holds(regexp_matches(t, '^\d{4}(-(0[1-9]|1[0-2]))?$'));

-- No instant and no date is later than what readers of the tables support.
CREATE MACRO no_later(t) AS CASE
    WHEN t > TIMESTAMPTZ '9999-12-31 23:59:59+00' THEN TIMESTAMPTZ '9999-12-31 23:59:59+00' ELSE t END;
CREATE MACRO no_later_date(d) AS CASE WHEN d > DATE '9999-12-31' THEN DATE '9999-12-31' ELSE d END;
CREATE MACRO days_after(date, days) AS no_later_date(date + days);

-- The instant of a value that is precise to the day, in UTC if it has no offset. No zone is further from UTC than 18
-- hours. A leap second is read as the second before it, a time without seconds as the full minute.
CREATE MACRO has_known_offset(t) AS regexp_matches(t, 'T..:..(:[0-9.]+)?(Z|[+-](0\d|1[0-7]):[0-5]\d|[+-]18:00)$');
CREATE MACRO with_seconds(t) AS CASE
    WHEN contains(t, ':60') THEN regexp_replace(t, '(T\d{2}:\d{2}):60', '\1:59')
    ELSE regexp_replace(t, '(T\d{2}:\d{2})(Z|[+-]\d{2}:\d{2})?$', '\1:00\2') END;
CREATE MACRO moment(t) AS CASE WHEN has_day(t) AND (NOT has_time(t) OR NOT has_offset(t) OR has_known_offset(t)) THEN
    no_later(try_cast(with_seconds(t) AS TIMESTAMPTZ)) END;

-- The instant of a local time. One that comes twice when summer time ends is the first of the two; DuckDB takes the
-- second.
CREATE MACRO utc_offset(moment, zone) AS timezone(zone, moment) - timezone('UTC', moment);
CREATE MACRO second_instant(local, zone) AS timezone(zone, local);
CREATE MACRO first_instant(local, zone) AS second_instant(local, zone) - (
    utc_offset(second_instant(local, zone) - INTERVAL 25 HOUR, zone) - utc_offset(second_instant(local, zone), zone));
CREATE MACRO local_instant(local, zone) AS CASE
    WHEN timezone(zone, first_instant(local, zone)) = local
    THEN least(first_instant(local, zone), second_instant(local, zone)) ELSE second_instant(local, zone) END;

-- `instant` gives the instant of a value that is precise to the day: one without offset is local to the zone (UTC if it
-- is null), a date is its local midnight. `local_date` gives its calendar date in the zone; as written if that is null.
CREATE MACRO instant(t, zone) AS CASE WHEN zone IS NULL OR has_time(t) AND has_offset(t) THEN moment(t)
    ELSE no_later(local_instant(timezone('UTC', moment(t)), zone)) END;
CREATE MACRO local_date(t, zone) AS CASE
    WHEN NOT has_day(t) THEN NULL
    WHEN zone IS NULL OR NOT has_time(t) OR NOT has_offset(t) THEN try_cast(t[1:10] AS DATE)
    ELSE no_later_date(timezone(zone, moment(t))::DATE) END;
CREATE MACRO is_unreadable(t) AS t IS NOT NULL AND NOT is_partial(t) AND moment(t) IS NULL;

-- Dispositions: of several that map the first counts; in a conflict expired, then against advice, then a transfer
-- (MEASURES 0.3).
CREATE MACRO disposition_of(classes) AS coalesce(
    list_filter(['expired', 'left_against_medical_advice', 'acute_transfer'],
        lambda one: list_contains(classes, one))[1],
    classes[1]);

-- Evidence: the resources that decided, each with its role.
CREATE MACRO proof(role, source, kind, id, sha256) AS CASE WHEN sha256 IS NOT NULL THEN
    [{'role': role, 'source': source, 'type': kind, 'id': id, 'body_sha256': sha256}] END;
CREATE MACRO proofs(a, b) AS list_concat(coalesce(a, []), coalesce(b, []));

-- Decisions of the measures: a clause that takes a stay out, and what one measure stores on a stay. `found` are the
-- clauses of the measure that apply, `common` those of them that all measures share.
CREATE MACRO excluded(reason, condition, evidence) AS
    CASE WHEN condition THEN {'reason': reason, 'evidence': evidence} END;
CREATE MACRO decision(common, found, numerator, value, matures_on, event_on, evidence) AS {
    'initial_population': len(common) = 0,
    'denominator': len(found) = 0,
    'exclusion': found[1].reason,
    'exclusions': list_transform(found, lambda clause: clause.reason),
    'numerator': len(found) = 0 AND holds(numerator),
    'value': CASE WHEN len(found) = 0 THEN value::DOUBLE END,
    'matures_on': matures_on,
    'event_on': CASE WHEN len(found) = 0 AND numerator THEN event_on END,
    'evidence': CASE
        WHEN len(found) > 0 THEN in_order(flatten(there(list_transform(found, lambda clause: clause.evidence))))
        WHEN numerator THEN in_order(coalesce(evidence, []))
        ELSE [] END};

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
