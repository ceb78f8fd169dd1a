"""Prints this user's AWS credentials as `credential_process` wants them, for the JVM of a local Spark session.

The AWS SDK in the JVM knows neither SSO nor all that boto3 knows. It runs `python -m metriccare.runtime.aws_process`
when its session starts, and again whenever the credentials are about to expire. See
https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html
"""

import json
import sys
from datetime import UTC
from typing import Any

from metriccare.runtime.aws import session
from metriccare.runtime.aws_errors import explain


def credentials() -> dict[str, Any]:
    """Return the credentials, with the time when they expire unless they don't.

    Raises:
        botocore.exceptions.BotoCoreError: there are none, or they can't be renewed.
        botocore.exceptions.ClientError: a role can't be assumed.
    """
    from botocore.credentials import RefreshableCredentials
    from botocore.exceptions import NoCredentialsError

    found = session().get_credentials()
    if found is None:
        raise NoCredentialsError()
    frozen = found.get_frozen_credentials()
    printed = {"Version": 1, "AccessKeyId": frozen.access_key, "SecretAccessKey": frozen.secret_key}
    if frozen.token:
        printed["SessionToken"] = frozen.token
    if isinstance(found, RefreshableCredentials):
        # botocore has no public name for it; the AWS CLI's export-credentials reads it too.
        printed["Expiration"] = found._expiry_time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return printed


def main() -> int:
    """Print the credentials; say in a sentence what to do if there are none."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        print(json.dumps(credentials()))  # noqa: T201 - the SDK reads it
    except (BotoCoreError, ClientError) as error:
        print(explain(error, "S3", "sts"), file=sys.stderr)  # noqa: T201
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
