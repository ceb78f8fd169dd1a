import urllib.request

import pytest
from botocore.exceptions import ClientError
from tests.runtime.glue_sessions.endpoint import Glue, glue

from metriccare.errors import EndpointError
from metriccare.runtime.glue_sessions.identity import ROLE, ROLE_NAME
from metriccare.runtime.glue_sessions.server import HOST, serving
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
