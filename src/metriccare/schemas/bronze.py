"""bronze.record: one row per piece of input."""

PIECE = """
    source STRING, file STRING, file_version STRING, position STRING,
    resource_type STRING, resource_id STRING, last_updated STRING, version_id STRING,
    body STRING, body_encoding STRING, body_sha256 STRING, reason_code STRING, reason STRING
"""

BRONZE_RECORD = f"{PIECE}, received_at TIMESTAMP, batch_id STRING"
