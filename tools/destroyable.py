"""Looks whether an environment can be destroyed as a whole, before anything of it is deleted.

Terraform removes a bucket's settings before S3 refuses to delete a bucket that holds objects.

    terraform -chdir=infra output -json | python -m tools.destroyable prod
"""

import json
import sys
from collections.abc import Mapping
from typing import Any

import boto3
from botocore.exceptions import ClientError

# Where the role of the workflow may delete data: EmptyBuckets in infra/bootstrap/statements.tf.
EMPTIED = ("dev",)
CODE = "scripts"  # this bucket holds no data; the role may empty it everywhere
HOW = "docs/deploy.md says under Teardown what to do first."


def main(environment: str) -> None:
    """Read Terraform's outputs from standard input; end with a sentence for each thing in the way."""
    outputs = {name: one["value"] for name, one in json.load(sys.stdin).items()}
    if found := obstacles(outputs, environment):
        sys.exit("\n".join([*found, f"Nothing was destroyed. {HOW}"]))


def obstacles(outputs: Mapping[str, Any], environment: str) -> list[str]:
    """Return what would stop the destruction halfway. Without outputs nothing is deployed.

    Args:
        outputs: Terraform's outputs, by name; `ledger_table` and `buckets` are used.
        environment: dev or prod.
    """
    table = outputs.get("ledger_table")
    found = [f"The ledger {table} is protected from deletion."] if table and _is_protected(table) else []
    if environment in EMPTIED:
        return found
    data = [name for kind, name in outputs.get("buckets", {}).items() if kind != CODE]
    return found + [
        f"The bucket {name} holds objects or old versions of them." for name in data if _holds(name)
    ]


def _is_protected(table: str) -> bool:
    client = boto3.client("dynamodb")
    try:
        return bool(client.describe_table(TableName=table)["Table"].get("DeletionProtectionEnabled"))
    except client.exceptions.ResourceNotFoundException:
        return False


def _holds(bucket: str) -> bool:
    """Return whether a bucket has any version: S3 deletes none that has, even where all are old or delete markers."""
    try:
        found = boto3.client("s3").list_object_versions(Bucket=bucket, MaxKeys=1)
    except ClientError as error:
        if error.response["Error"]["Code"] == "NoSuchBucket":
            return False
        raise
    return bool(found.get("Versions") or found.get("DeleteMarkers"))


if __name__ == "__main__":
    main(sys.argv[1])
