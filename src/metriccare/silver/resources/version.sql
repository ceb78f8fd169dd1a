-- The versions of the resources that silver reads, in the version order (docs/contracts.md#version-order).
--
-- `version_order` sorts as text: `meta.lastUpdated`, else the time of receipt; then the number; then the body's hash.
SELECT source, resource_type, resource_id AS id,
       concat_ws('|',
           strftime(timezone('UTC', coalesce(moment(last_updated), received_at)), '%Y-%m-%dT%H:%M:%S.%f'),
           lpad(if(regexp_full_match(version_id, '\d{1,20}'), version_id, '0'), 20, '0'),
           body_sha256) AS version_order,
       moment(last_updated) IS NOT NULL AS is_stamped,
       last_updated, version_id, body_sha256, file, file_version, position, received_at, batch_id,
       coalesce(resource, body) AS text
FROM record
WHERE resource_type IN ('Patient', 'Encounter', 'Condition', 'Organization')
