import socket
import time
import urllib.request
from collections.abc import Callable
from contextlib import ExitStack, suppress
from http.client import HTTPException

import pytest
from botocore.exceptions import ClientError
from tests.runtime.glue_sessions.endpoint import Glue, glue

from metriccare.errors import EndpointError
from metriccare.runtime.glue_sessions.identity import ROLE, ROLE_NAME
from metriccare.runtime.glue_sessions.server import HOST, MAX_CONNECTIONS, serving
from metriccare.runtime.glue_sessions.sessions import Sessions


def test_the_endpoint_listens_on_loopback_only(plain: Glue) -> None:
    assert plain.endpoint.address.startswith(f"http://{HOST}:")
    assert HOST == "127.0.0.1"


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": ""},
        {"Authorization": "AWS4-HMAC-SHA256 Credential=AKIAOTHER/20260101/us-east-1/glue/aws4_request"},
        {"Host": "rebound.example:80"},
    ],
)
def test_who_does_not_know_the_key_or_names_another_host_is_refused(
    headers: dict[str, str], plain: Glue
) -> None:
    status, body = plain.post("ListSessions", {}, **headers)
    assert (status, body["__type"]) == (400, "UnrecognizedClientException")


def test_each_endpoint_has_a_key_of_its_own(plain: Glue) -> None:
    with glue(spark=False) as other:
        assert other.endpoint.access_key != plain.endpoint.access_key
        assert other.endpoint.secret_key != plain.endpoint.secret_key


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff"])
def test_a_body_that_is_not_a_json_object_is_rejected(body: bytes, plain: Glue) -> None:
    status, answer = plain.post("ListSessions", body)
    assert (status, answer["__type"]) == (400, "SerializationException")


@pytest.mark.parametrize("target", ["DynamoDB_20120810.ListTables", "AWSGlue.", "AWSGlue.A.B", "x"])
def test_a_target_that_is_not_an_operation_of_glue_is_rejected(target: str, plain: Glue) -> None:
    status, answer = plain.post("", {}, **{"X-Amz-Target": target})
    assert (status, answer["__type"]) == (400, "UnknownOperationException")


def raw(glue: Glue, *headers: str, body: bytes = b"") -> bytes:
    """Send a request as it is, and return what comes before the connection is closed."""
    host, port = glue.endpoint.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        lines = ["POST / HTTP/1.1", f"Host: {host}:{port}", *headers, "", ""]
        connection.sendall("\r\n".join(lines).encode() + body)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def test_nothing_of_a_body_is_read_before_the_caller_is_known(plain: Glue) -> None:
    answer = raw(plain, "Content-Length: 400000000", body=b"x" * 1000)
    assert b"UnrecognizedClientException" in answer


@pytest.mark.parametrize("length", ["-1", "abc", "16777217", "1e9", "٣"])
def test_a_body_without_a_length_or_with_too_much_of_it_is_refused(plain: Glue, length: str) -> None:
    signed = f"Authorization: AWS4-HMAC-SHA256 Credential={plain.endpoint.access_key}/20260101/x"
    answer = raw(plain, signed, f"Content-Length: {length}", "X-Amz-Target: AWSGlue.ListSessions")
    assert b"SerializationException" in answer


def test_connections_beyond_the_limit_are_closed_and_the_others_served(plain: Glue) -> None:
    host, port = plain.endpoint.address.removeprefix("http://").split(":")
    with ExitStack() as stack:
        for _ in range(MAX_CONNECTIONS + 20):
            stack.enter_context(socket.create_connection((host, int(port)), timeout=10))
        closed = stack.enter_context(socket.create_connection((host, int(port)), timeout=10))
        assert closed.recv(1) == b""
    assert eventually(lambda: plain.post("ListSessions", {})[0] == 200)


def eventually(holds: Callable[[], bool]) -> bool:
    for _ in range(50):
        with suppress(OSError, HTTPException):
            if holds():
                return True
        time.sleep(0.1)
    return False


def test_a_page_of_another_site_is_not_let_in(plain: Glue) -> None:
    request = urllib.request.Request(plain.endpoint.address, method="OPTIONS")
    with pytest.raises(urllib.error.HTTPError, match="501"):
        urllib.request.urlopen(request)


def test_sts_and_iam_answer_what_the_kernel_asks(plain: Glue) -> None:
    caller = plain.other("sts").get_caller_identity()
    name = caller["Arn"].split("/")[1]
    assert caller["Account"] == "000000000000"
    assert plain.other("iam").get_role(RoleName=name)["Role"]["Arn"] == ROLE.replace(ROLE_NAME, name)
    assert name.startswith("AWSReservedSSO_")  # a person, whose role no session can have


def test_another_question_to_iam_is_an_unknown_action(plain: Glue) -> None:
    with pytest.raises(ClientError) as caught:
        plain.other("iam").list_users()
    assert caught.value.response["Error"]["Code"] == "InvalidAction"


def test_a_port_in_use_gives_one_sentence(plain: Glue) -> None:
    taken = int(plain.endpoint.address.rpartition(":")[2])
    with (
        pytest.raises(EndpointError, match=f"Port {taken} can't be used"),
        serving(taken, Sessions(spark=False)),
    ):
        pass
