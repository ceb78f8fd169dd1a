"""A lake of this machine, copied to S3."""

from pathlib import Path

import boto3

from metriccare.settings import Lake


def store(lake: Lake, bucket: str) -> Lake:
    """Create a bucket with a copy of a lake; return the copy."""
    client = boto3.client("s3")
    client.create_bucket(Bucket=bucket)
    for path in Path(lake.root).rglob("*"):
        if path.is_file():
            key = f"lake/{path.relative_to(lake.root).as_posix()}"
            client.put_object(Bucket=bucket, Key=key, Body=path.read_bytes())
    return Lake(f"s3://{bucket}/lake")
