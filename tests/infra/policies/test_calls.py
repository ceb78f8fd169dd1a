"""Requests in each of AWS's protocols, as botocore sends them, are read back as the calls they were."""

from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.awsrequest import AWSPreparedRequest
from tests.infra.policies.calls import Call, Recorder

ROLE = "metriccare_bronze_job_dev"


class SentError(Exception):
    """Holds a request instead of sending it."""

    def __init__(self, request: AWSPreparedRequest) -> None:
        super().__init__(request.url)
        self.request = request


def recorded(service: str, operation: str, key: str = ROLE, **params: Any) -> tuple[list[Call], bytes]:
    """Return what a recorder makes of a client's request, and the body that is left for who answers."""
    client = boto3.client(
        service,
        region_name="us-east-1",
        aws_access_key_id=key,
        aws_secret_access_key="s",
        endpoint_url="http://127.0.0.1:1",
    )

    def hold(request: AWSPreparedRequest, **_: Any) -> None:
        raise SentError(request)

    client.meta.events.register("before-send", hold)
    with pytest.raises(SentError) as sent:
        getattr(client, operation)(**params)
    environ = environment(sent.value.request)
    recorder = Recorder()
    recorder.record(environ)
    return list(recorder.calls.values()), environ["wsgi.input"].read()


def environment(request: AWSPreparedRequest) -> dict[str, Any]:
    """Return a request as a WSGI server gives it."""
    url = urlsplit(request.url)
    body = request.body.read() if hasattr(request.body, "read") else request.body or b""
    content = body.encode() if isinstance(body, str) else bytes(body)
    headers = {
        f"HTTP_{name.upper().replace('-', '_')}": _text(value) for name, value in request.headers.items()
    }
    return headers | {
        "REQUEST_METHOD": request.method,
        "PATH_INFO": url.path,
        "QUERY_STRING": url.query,
        "CONTENT_LENGTH": str(len(content)),
        "wsgi.input": BytesIO(content),
    }


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value


@pytest.mark.parametrize(
    ("service", "operation", "params", "expected"),
    [
        (
            "dynamodb",
            "get_item",
            {"TableName": "t", "Key": {}},
            ("dynamodb", "GetItem", {"TableName": "t", "Key": {}}),
        ),
        (
            "sns",
            "create_topic",
            {"Name": "t"},
            ("sns", "CreateTopic", {"Name": "t", "Version": "2010-03-31"}),
        ),
        (
            "cloudwatch",
            "get_dashboard",
            {"DashboardName": "d"},
            ("cloudwatch", "GetDashboard", {"DashboardName": "d"}),
        ),
        (
            "lambda",
            "invoke",
            {"FunctionName": "f", "Payload": b"{}"},
            ("lambda", "Invoke", {"FunctionName": "f"}),
        ),
        (
            "s3",
            "list_objects_v2",
            {"Bucket": "b", "Prefix": "p/"},
            ("s3", "ListObjectsV2", {"Bucket": "b", "prefix": "p/"}),
        ),
        ("s3", "get_bucket_acl", {"Bucket": "b"}, ("s3", "GetBucketAcl", {"Bucket": "b"})),
        (
            "s3",
            "put_object",
            {"Bucket": "b", "Key": "a/c", "Body": b"x"},
            ("s3", "PutObject", {"Bucket": "b", "Key": "a/c"}),
        ),
        ("s3", "head_object", {"Bucket": "b", "Key": "k"}, ("s3", "HeadObject", {"Bucket": "b", "Key": "k"})),
        (
            "s3",
            "copy_object",
            {"Bucket": "b", "Key": "k", "CopySource": "c/l"},
            ("s3", "CopyObject", {"Bucket": "b", "Key": "k", "CopySource": "c/l"}),
        ),
        (
            "s3",
            "upload_part",
            {"Bucket": "b", "Key": "k", "PartNumber": 1, "UploadId": "u", "Body": b""},
            ("s3", "UploadPart", {"Bucket": "b", "Key": "k"}),
        ),
        (
            "s3",
            "delete_objects",
            {"Bucket": "b", "Delete": {"Objects": [{"Key": "k"}, {"Key": "l", "VersionId": "1"}]}},
            ("s3", "DeleteObjects", {"Bucket": "b", "Objects": [("k", False), ("l", True)]}),
        ),
    ],
)
def test_a_request_is_read_back(
    service: str, operation: str, params: dict[str, Any], expected: tuple[str, str, dict[str, Any]]
) -> None:
    (call,), _ = recorded(service, operation, **params)
    assert (call.principal, call.service, call.operation, call.params) == (ROLE, *expected)


def test_the_body_is_left_for_who_answers() -> None:
    _, body = recorded("dynamodb", "get_item", TableName="t", Key={})
    assert body == b'{"TableName": "t", "Key": {}}'


def test_the_calls_of_others_are_not_kept() -> None:
    assert recorded("sns", "create_topic", key="testing", Name="t")[0] == []
