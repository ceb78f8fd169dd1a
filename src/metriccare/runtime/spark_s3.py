"""S3 for a local Spark session: Hadoop's connector sees it as boto3 does."""

import os
import shlex
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from metriccare.errors import StorageError
from metriccare.runtime import aws
from metriccare.runtime.aws_errors import explain
from metriccare.runtime.environment import temporary_environment
from metriccare.runtime.extras import require

PROFILES_VARIABLE = (
    "AWS_CREDENTIAL_PROFILES_FILE"  # read by version 1 of the SDK for Java, and by nothing else here
)
_BY_ENVIRONMENT = "com.amazonaws.auth.DefaultAWSCredentialsProviderChain"
_BY_PROFILE = "com.amazonaws.auth.profile.ProfileCredentialsProvider"
_folders: list["tempfile.TemporaryDirectory[str]"] = []


def s3_settings() -> dict[str, str]:
    """Return the settings that give a local session boto3's view of S3: endpoint, credentials, region.

    Raises:
        StorageError: there are no credentials, or they can't be renewed.
    """
    client = _client()
    connector = {
        "impl": "org.apache.hadoop.fs.s3a.S3AFileSystem",
        "aws.credentials.provider": _BY_ENVIRONMENT if _has_keys() else _BY_PROFILE,
    }
    if region := aws.session().region_name:
        connector["endpoint.region"] = region
    endpoint = client.meta.endpoint_url
    if not aws.is_aws(endpoint):  # an emulator or another S3-compatible store
        connector |= {"endpoint": endpoint, "path.style.access": "true"}
    s3a = {f"spark.hadoop.fs.s3a.{name}": value for name, value in connector.items()}
    return s3a | {"spark.hadoop.fs.s3.impl": connector["impl"]}


def _client() -> Any:
    """Return a client of boto3 that has credentials."""
    require("aws")
    from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

    try:
        credentials = aws.session().get_credentials()
        if credentials is None:
            raise NoCredentialsError()
        credentials.get_frozen_credentials()
        return aws.session().client("s3")
    except (BotoCoreError, ClientError) as error:
        raise StorageError(explain(error, "S3", "sts")) from error


@contextmanager
def credentials_for_jvm() -> Iterator[None]:
    """Let the JVM that is started meanwhile ask this Python for credentials, now and whenever they expire.

    The SDK in the JVM reads one of its own profile files: it knows roles and processes, but neither SSO nor tokens that
    renew themselves. The file holds no secret, only the command that prints the credentials.
    """
    if _has_keys():
        yield
        return
    folder = tempfile.TemporaryDirectory(prefix="metriccare-aws-")
    _folders.append(folder)  # for as long as this process lives, since the JVM reads it again
    file = Path(folder.name) / "credentials"
    command = f"{shlex.quote(sys.executable)} -m metriccare.runtime.aws_process"
    profile = os.environ.get(aws.PROFILE_VARIABLE) or "default"
    file.write_text(f"[{profile}]\ncredential_process = {command}\n", encoding="utf-8")
    with temporary_environment(**{PROFILES_VARIABLE: str(file)}):
        yield


def _has_keys() -> bool:
    """Tell whether the environment holds keys, which boto3 and the SDK both take before any profile."""
    return bool(os.environ.get("AWS_ACCESS_KEY_ID") and os.environ.get("AWS_SECRET_ACCESS_KEY"))
