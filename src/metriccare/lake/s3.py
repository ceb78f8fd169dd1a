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
        StorageError: it can't be looked at.
    """
    bucket, key = _split(url)
    with _translate_errors(url):
        found = _client().head_object(Bucket=bucket, Key=key)
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


def reader_options() -> dict[str, str]:
    """Return the options with which Hudi's JVM-free reader sees S3 as boto3 does: profiles, SSO and roles included.

    The reader itself looks for credentials in environment variables and on AWS machines only.

    Raises:
        StorageError: there are no credentials, or they can't be renewed.
    """
    with _translate_errors("the lake"):
        credentials = _session().get_credentials()
        frozen = credentials.get_frozen_credentials() if credentials else None
    if frozen is None:
        raise StorageError(
            "No AWS credentials were found: set AWS_PROFILE to one of your profiles, or log in (`aws sso login`)."
        )
    meta = _client().meta
    options = {
        "aws_access_key_id": frozen.access_key,
        "aws_secret_access_key": frozen.secret_key,
        "aws_session_token": frozen.token,
        "aws_region": meta.region_name,
    }
    if not meta.endpoint_url.endswith(".amazonaws.com"):  # an emulator or another S3-compatible store
        options["aws_endpoint"] = meta.endpoint_url
        options["aws_allow_http"] = str(meta.endpoint_url.startswith("http:")).lower()
    return {name: value for name, value in options.items() if value}


def _split(url: str) -> tuple[str, str]:
    parts = urlsplit(url, allow_fragments=False)
    return parts.netloc, url.removeprefix(f"{parts.scheme}://{parts.netloc}").lstrip("/")


@cache
def _session() -> Any:
    """Return this process's session, so that a role is assumed once; boto3 is loaded only where S3 is used."""
    import boto3

    return boto3.Session()


@cache
def _client() -> Any:
    """Return this process's client."""
    from botocore.config import Config

    return _session().client("s3", config=Config(retries={"mode": "standard", "max_attempts": 5}))


@contextmanager
def _translate_errors(url: str) -> Iterator[None]:
    """Turn errors of boto3 into ours."""
    require("aws")
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", ""))
        if code in _ABSENT:
            raise AbsentError(f"There is no object {url}.") from error
        if code in _CHANGED:
            raise ChangedError(f"{url} has changed.") from error
        raise StorageError(f"S3 refused {url} ({code}): check the bucket and the permissions.") from error
    except BotoCoreError as error:
        raise StorageError(
            f"{url} could not be requested from S3 ({error}): check credentials and network."
        ) from error
