"""This process's session with AWS. Nothing here needs Spark, and boto3 is loaded only where AWS is used."""

import os
from functools import cache
from typing import Any

PROFILE_VARIABLE = "AWS_PROFILE"


@cache
def session() -> Any:
    """Return the session, which S3 and DynamoDB share: a role is assumed, and a token asked for, once.

    Credentials are found as boto3 finds them, and the region also in `AWS_REGION`, as the AWS CLI and Terraform do.

    Raises:
        botocore.exceptions.ProfileNotFound: `AWS_PROFILE` names none.
    """
    import boto3

    return boto3.Session(region_name=os.environ.get("AWS_REGION") or None)


def login_command() -> str:
    """Return the command that logs this profile in with IAM Identity Center (SSO)."""
    profile = os.environ.get(PROFILE_VARIABLE)
    return f"aws sso login --profile {profile}" if profile else "aws sso login"


def is_aws(endpoint: str) -> bool:
    """Tell whether an address is AWS's own, not that of an emulator or another S3-compatible store."""
    return endpoint.endswith((".amazonaws.com", ".amazonaws.com.cn"))
