"""What is counted over all records of bronze, in one pass."""

from metriccare.engine import Program, load_steps

RECORD_COUNTS = Program(
    takes={
        "record": """source STRING, resource_type STRING, resource_id STRING, body_sha256 STRING, last_updated STRING,
            file_version STRING, batch_id STRING, reason_code STRING"""
    },
    steps=load_steps(__name__, "record_count", "refused", "file"),
    gives={
        "record_count": "resource_type STRING, records BIGINT, replays BIGINT, versions BIGINT, resources BIGINT",
        "refused": "reason_code STRING, records BIGINT",
        "file": "file_version STRING",
    },
)
"""Count the rows of bronze.record; the records of a resource must be given together. Counts of parts add up."""
