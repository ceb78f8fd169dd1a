-- Every new line, parsed once: the union of the fields read from a Patient, an Encounter, a Condition and a Bundle.
-- A line that is not JSON has only nulls, and belongs to no resource.
CREATE TEMP TABLE record AS
WITH line AS (
    SELECT coalesce(nullif(regexp_extract(filename, '.*source=([^/]+)', 1), ''), 'default') AS source, json
    FROM read_ndjson_objects(getvariable('files'), filename = true, ignore_errors = true)
), parsed AS (
    SELECT source, json, from_json(json, '{
        "resourceType": "VARCHAR", "id": "VARCHAR", "meta": {"lastUpdated": "VARCHAR", "versionId": "VARCHAR"},
        "birthDate": "VARCHAR", "gender": "VARCHAR", "deceasedBoolean": "VARCHAR", "deceasedDateTime": "VARCHAR",
        "link": [{"type": "VARCHAR", "other": {"reference": "VARCHAR"}}],
        "status": "VARCHAR", "class": {"system": "VARCHAR", "code": "VARCHAR"},
        "type": [{"coding": [{"system": "VARCHAR", "code": "VARCHAR"}]}],
        "subject": {"reference": "VARCHAR"}, "partOf": {"reference": "VARCHAR"},
        "serviceProvider": {"reference": "VARCHAR"}, "period": {"start": "VARCHAR", "end": "VARCHAR"},
        "reasonCode": [{"coding": [{"system": "VARCHAR", "code": "VARCHAR"}]}],
        "diagnosis": [{"condition": {"reference": "VARCHAR"}, "rank": "VARCHAR",
            "use": {"coding": [{"code": "VARCHAR"}]},
            "extension": [{"url": "VARCHAR", "valueCodeableConcept": {"coding": [{"code": "VARCHAR"}]}}]}],
        "hospitalization": {"admitSource": {"coding": [{"system": "VARCHAR", "code": "VARCHAR"}]},
            "dischargeDisposition": {"coding": [{"system": "VARCHAR", "code": "VARCHAR"}]}},
        "encounter": {"reference": "VARCHAR"}, "code": {"coding": [{"system": "VARCHAR", "code": "VARCHAR"}]},
        "category": [{"coding": [{"code": "VARCHAR"}]}], "verificationStatus": {"coding": [{"code": "VARCHAR"}]},
        "onsetDateTime": "VARCHAR", "onsetPeriod": {"start": "VARCHAR"}, "recordedDate": "VARCHAR",
        "entry": "JSON", "timestamp": "VARCHAR"}') AS r
    FROM line
)
SELECT source, sha256(json::VARCHAR) AS sha256,
       CASE WHEN r.resourceType = 'Bundle' THEN json ->> '$.type' END AS bundle_type, unnest(r)
FROM parsed;
