-- How FHIR writes dates, times and references (MEASURES 0.2, docs/contracts.md). No zones are configured here.
CREATE OR REPLACE MACRO has_day(text) AS coalesce(regexp_full_match(text, '\d{4}-\d{2}-\d{2}(T.*)?'), false);
CREATE OR REPLACE MACRO has_time(text) AS coalesce(regexp_matches(text, '^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}'), false);
CREATE OR REPLACE MACRO local_date(text) AS CASE WHEN has_day(text) THEN try_cast(text[1:10] AS DATE) END;
CREATE OR REPLACE MACRO instant(text) AS CASE WHEN has_day(text) THEN try_cast(text AS TIMESTAMPTZ) END;
CREATE OR REPLACE MACRO reference_id(text, kind) AS nullif(  -- one to a resource of another type means nothing (10.14)
    CASE WHEN text LIKE '#%' THEN NULL
         WHEN regexp_extract(text, '([A-Z][a-z][A-Za-z]+)/[^/?#]+?(?:/_history/[^/]+)?/?$', 1) NOT IN ('', kind) THEN NULL
         WHEN text LIKE 'urn:%' THEN regexp_extract(text, '^urn:(?:uuid|oid):(.+)$', 1)
         WHEN contains(text, '?') THEN regexp_extract(text, '[?&]identifier=(?:[^|&]*(?:\||%7[Cc]))?([^&]+)', 1)
         ELSE regexp_extract(text, '([^/?#]+?)(?:/_history/[^/]+)?/?$', 1)
    END, '');

-- Synthea writes both "1" and "01" for the two-digit codes of UB-04 (MEASURES 0.3).
CREATE OR REPLACE MACRO coding_key(coding) AS CASE
    WHEN coding.system IN ('http://www.nubc.org/patient-discharge', 'https://www.nubc.org/CodeSystem/PatDischargeStatus')
         AND len(coding.code) = 1 THEN coding.system || '|0' || coding.code
    ELSE concat_ws('|', coding.system, coding.code) END;
-- Any coding of a concept counts, not the first (MEASURES 10.13): the first of the codes that mean something here.
CREATE OR REPLACE MACRO one_of(codings, meant) AS coalesce(
    list_filter(list_transform(codings, lambda c: c.code), lambda c: list_contains(meant, c))[1], codings[1].code);
CREATE OR REPLACE MACRO verification(codings) AS coalesce(
    list_filter(['entered-in-error', 'refuted'],
        lambda c: list_contains(list_transform(codings, lambda x: x.code), c))[1],
    one_of(codings, ['confirmed', 'unconfirmed', 'provisional', 'differential']));
CREATE OR REPLACE MACRO coded(codings) AS CASE WHEN len(codings) > 0 THEN codings END;
