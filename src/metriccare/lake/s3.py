"""Objects on S3: listed, read and written. The only module that calls S3 from Python.

Credentials, region and `AWS_ENDPOINT_URL` are found as boto3 finds them. Nothing here needs Spark.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import IO, Any, cast
from urllib.parse import urlsplit

from metriccare.errors import StorageError
from metriccare.runtime import aws
from metriccare.runtime.aws_errors import ABSENT_BUCKET, code_of, explain, no_bucket
from metriccare.runtime.extras import require

BUFFER_BYTES = 1024 * 1024
_ABSENT = frozenset(("404", "NoSuchKey", "NotFound"))
_CHANGED = frozenset(("412", "PreconditionFailed"))


class ChangedError(StorageError):
    """Raised when an object has changed since it was listed."""


class AbsentError(StorageError):
    """Raised when there is no such object."""


@dataclass(frozen=True)
class S3Object:
    """One object as it is now.

    Attributes:
        url: `s3://bucket/key`.
        size: in bytes.
        etag: changes with the content (under KMS with every upload), without quotes.
        modified_at: when it was written, UTC.
    """

    url: str
    size: int
    etag: str
    modified_at: datetime


def list_objects(url: str) -> Iterator[S3Object]:
    """Yield the objects below a prefix in the order of their keys, any number of them.

    Raises:
        StorageError: the bucket can't be listed.
    """
    bucket, key = _split(url)
    prefix = f"{key.rstrip('/')}/" if key else ""
    with _translate_errors(url):
        for page in _client().get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
            for found in page.get("Contents", ()):
                yield S3Object(
                    f"s3://{bucket}/{found['Key']}",
                    found["Size"],
                    found["ETag"].strip('"'),
                    found["LastModified"],
                )


def look(url: str) -> S3Object:
    """Return the object as it is now.

    Raises:
        AbsentError: there is none.
        StorageError: it can't be looked at, or there is no such bucket.
    """
    bucket, key = _split(url)
    with _translate_errors(url):
        found = _head(bucket, key)
    return S3Object(url, found["ContentLength"], found["ETag"].strip('"'), found["LastModified"])


def exists(url: str) -> bool:
    """Tell whether there is an object.

    Raises:
        StorageError: it can't be looked at.
    """
    try:
        look(url)
    except AbsentError:
        return False
    return True


def open_from(url: str, offset: int = 0, etag: str = "") -> IO[bytes]:
    """Open an object for reading from an offset to its end.

    Args:
        url: of the object.
        offset: of the first byte that is read; must lie within the object.
        etag: what the object must still have; empty for any. One request reads one version of it.

    Raises:
        AbsentError: there is none.
        ChangedError: it has another eTag.
        StorageError: it can't be read.
    """
    bucket, key = _split(url)
    wanted = {"Range": f"bytes={offset}-"} if offset else {}
    same = {"IfMatch": etag} if etag else {}
    with _translate_errors(url):
        found = _client().get_object(Bucket=bucket, Key=key, **wanted, **same)
    return cast(IO[bytes], io.BufferedReader(_Body(url, found["Body"]), BUFFER_BYTES))


class _Body(io.RawIOBase):
    """The bytes of a response; a broken connection is reported like every other error."""

    def __init__(self, url: str, stream: Any) -> None:
        self._url, self._stream = url, stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        with _translate_errors(self._url):
            content = self._stream.read(len(buffer))  # the botocore of Glue 5.0 has no readinto
        buffer[: len(content)] = content
        return len(content)

    def close(self) -> None:
        self._stream.close()
        super().close()


def read(url: str) -> bytes:
    """Return the content of an object.

    Raises:
        AbsentError: there is none.
        StorageError: it can't be read.
    """
    with open_from(url) as stream:
        return stream.read()


def write(url: str, content: bytes) -> None:
    """Write an object.

    Raises:
        StorageError: it can't be written.
    """
    bucket, key = _split(url)
    with _translate_errors(url):
        _client().put_object(Bucket=bucket, Key=key, Body=content)


def reader_options(url: str) -> dict[str, str]:
    """Return the options with which Hudi's JVM-free reader sees S3 as boto3 does: profiles, SSO and roles included.

    The reader itself looks for credentials in environment variables and on AWS machines only, and follows no bucket to
    another region.

    Args:
        url: of what is read.

    Raises:
        StorageError: there are no credentials, or they can't be renewed.
    """
    from botocore.exceptions import NoCredentialsError

    with _translate_errors(url):
        credentials = aws.session().get_credentials()
        if credentials is None:
            raise NoCredentialsError()
        frozen = credentials.get_frozen_credentials()
        meta = _client().meta
        is_aws = aws.is_aws(meta.endpoint_url)
        region = _region(_split(url)[0]) if is_aws else meta.region_name
    options = {
        "aws_access_key_id": frozen.access_key,
        "aws_secret_access_key": frozen.secret_key,
        "aws_session_token": frozen.token,
        "aws_region": region,
    }
    if not is_aws:  # an emulator or another S3-compatible store
        options["aws_endpoint"] = meta.endpoint_url
        options["aws_allow_http"] = str(meta.endpoint_url.startswith("http:")).lower()
    return {name: value for name, value in options.items() if value}


@cache
def _region(bucket: str) -> str:
    """Return the region of a bucket; that of the session if the bucket does not say."""
    from botocore.exceptions import ClientError

    try:
        found = _client().head_bucket(Bucket=bucket)["ResponseMetadata"]["HTTPHeaders"]
    except ClientError as error:
        found = error.response["ResponseMetadata"].get("HTTPHeaders", {})
    return str(found.get("x-amz-bucket-region") or _client().meta.region_name)


def _head(bucket: str, key: str) -> Any:
    """Ask for an object's size and date; let the error say the reason, which the answer to HEAD has no body for."""
    from botocore.exceptions import ClientError

    try:
        return _client().head_object(Bucket=bucket, Key=key)
    except ClientError as error:
        if code_of(error) in _ABSENT:
            _require_bucket(bucket)
        elif code_of(error).isdecimal():
            _client().get_object(Bucket=bucket, Key=key, Range="bytes=0-0")["Body"].close()
        raise


@cache
def _require_bucket(bucket: str) -> None:
    """Tell a bucket that does not exist from an object that does not."""
    from botocore.exceptions import ClientError

    try:
        _client().head_bucket(Bucket=bucket)
    except ClientError as error:
        if code_of(error) in _ABSENT:
            raise StorageError(no_bucket(f"s3://{bucket}")) from error


def _split(url: str) -> tuple[str, str]:
    parts = urlsplit(url, allow_fragments=False)
    return parts.netloc, url.removeprefix(f"{parts.scheme}://{parts.netloc}").lstrip("/")


@cache
def _client() -> Any:
    """Return this process's client."""
    from botocore.config import Config

    return aws.session().client("s3", config=Config(retries={"mode": "standard", "max_attempts": 5}))


@contextmanager
def _translate_errors(url: str) -> Iterator[None]:
    """Turn errors of boto3 into ours."""
    require("aws")
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except (ClientError, BotoCoreError) as error:
        code = code_of(error) if isinstance(error, ClientError) else ""
        if code in _ABSENT:
            raise AbsentError(f"There is no object {url}.") from error
        if code in _CHANGED:
            raise ChangedError(f"{url} has changed.") from error
        if code in ABSENT_BUCKET:
            raise StorageError(no_bucket(f"s3://{_split(url)[0]}")) from error
        raise StorageError(explain(error, url)) from error
