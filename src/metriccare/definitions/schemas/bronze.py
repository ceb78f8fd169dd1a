"""bronze.record: one row per input record.

`resource` is the text that silver reads if it is not the body itself: the resource of a Bundle entry, with references
resolved; `bundle` is the context of such an entry, needed to classify it again.
"""

_FOUND = """
    source STRING, file STRING, file_version STRING, position STRING,
    resource_type STRING, resource_id STRING, last_updated STRING, version_id STRING,
    body STRING, body_encoding STRING, body_sha256 STRING, reason_code STRING, reason STRING
"""
_OF_BUNDLE = (
    "resource STRING, bundle STRING"  # the last ones of the table: a lake of an earlier version lacks them
)

INPUT_RECORD = f"{_FOUND}, {_OF_BUNDLE}"

BRONZE_RECORD = f"{_FOUND}, received_at TIMESTAMP, batch_id STRING, {_OF_BUNDLE}"
