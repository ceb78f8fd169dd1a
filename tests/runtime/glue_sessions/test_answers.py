"""Every answer has the shape of the service's model: names, types, values, and what the kernel cannot do without."""

import json
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from botocore.model import ServiceModel, Shape
from tests.runtime.glue_sessions.endpoint import NEEDED, Glue

from metriccare.runtime.glue_sessions.operations import OPERATIONS
from metriccare.runtime.glue_sessions.validation import service_model

TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "long": (int,),
    "double": (int, float),
    "timestamp": (int, float),  # seconds since 1970 in JSON 1.1
    "boolean": (bool,),
}
# The model gives a statement's output the states of a statement; the service answers ok, error or cancelled, and the
# kernel asks for just that.
NOT_AS_IN_THE_MODEL = {("StatementOutput", "Status")}
ARN = "arn:aws:glue:us-east-1:000000000000:session/shaped"
PICTURE = "import matplotlib.pyplot as plt\n%matplot plt"
# Operation, request, members that must be there.
CALLS = [
    ("CreateSession", {"Id": "shaped", **NEEDED, "Tags": {"a": "b"}}, {"Session"}),
    ("GetSession", {"Id": "shaped"}, {"Session"}),
    ("ListSessions", {}, {"Ids", "Sessions"}),
    ("RunStatement", {"SessionId": "shaped", "Code": "1/0"}, {"Id"}),
    ("GetStatement", {"SessionId": "shaped", "Id": 0}, {"Statement"}),
    ("RunStatement", {"SessionId": "shaped", "Code": "print('x')"}, {"Id"}),
    ("GetStatement", {"SessionId": "shaped", "Id": 1}, {"Statement"}),
    ("RunStatement", {"SessionId": "shaped", "Code": "import time; time.sleep(60)"}, {"Id"}),
    ("ListStatements", {"SessionId": "shaped"}, {"Statements"}),
    ("CancelStatement", {"SessionId": "shaped", "Id": 2}, set()),
    ("GetStatement", {"SessionId": "shaped", "Id": 2}, {"Statement"}),
    ("GetTags", {"ResourceArn": ARN}, {"Tags"}),
    ("TagResource", {"ResourceArn": ARN, "TagsToAdd": {"c": "d"}}, set()),
    ("UntagResource", {"ResourceArn": ARN, "TagsToRemove": ["c"]}, set()),
    ("StopSession", {"Id": "shaped"}, {"Id"}),
    ("GetSession", {"Id": "shaped"}, {"Session"}),
    ("DeleteSession", {"Id": "shaped"}, {"Id"}),
]


def problems(shape: Shape, value: Any, path: str) -> Iterator[str]:
    """Tell where a value is not as its shape says."""
    if shape.type_name == "structure":
        if not isinstance(value, dict):
            yield f"{path} is no structure"
            return
        yield from (f"{path}.{name} is unknown" for name in value.keys() - shape.members.keys())
        yield from (f"{path}.{name} is missing" for name in set(shape.required_members) - value.keys())
        for name in value.keys() & shape.members.keys():
            if (shape.name, name) not in NOT_AS_IN_THE_MODEL:
                yield from problems(shape.members[name], value[name], f"{path}.{name}")
    elif shape.type_name == "list":
        for position, item in enumerate(value):
            yield from problems(shape.member, item, f"{path}[{position}]")
    elif shape.type_name == "map":
        for name, item in value.items():
            yield from problems(shape.key, name, f"{path} key")
            yield from problems(shape.value, item, f"{path}.{name}")
    elif not isinstance(value, TYPES[shape.type_name]) or isinstance(value, bool) != (
        shape.type_name == "boolean"
    ):
        yield f"{path} is {value!r}, no {shape.type_name}"
    elif value not in (shape.metadata.get("enum") or [value]):
        yield f"{path} is {value!r}, none of {shape.metadata['enum']}"


@pytest.fixture(scope="module")
def kernels_model() -> ServiceModel:
    """The copy of the service model that the kernel brings; it knows pictures."""
    package = find_spec("aws_glue_interactive_sessions_kernel")
    assert package is not None
    assert package.origin is not None
    file = Path(package.origin).parent / "glue_pyspark" / "glue" / "2017-03-31" / "service-2.json"
    return ServiceModel(json.loads(file.read_text()), "glue")


@pytest.fixture(scope="module")
def answers(plain: Glue) -> list[tuple[str, dict[str, Any], set[str]]]:
    found = []
    for operation, request, needed in CALLS:
        status, body = plain.post(operation, request)
        assert status == 200, body
        if operation == "CreateSession":
            plain.until("shaped", "READY")
        found.append((operation, body, needed))
    return found


def test_every_operation_is_looked_at() -> None:
    assert {operation for operation, _, _ in CALLS} == OPERATIONS.keys()


@pytest.mark.parametrize("number", range(len(CALLS)))
def test_an_answer_has_the_shape_of_the_model(
    number: int, answers: list[tuple[str, dict[str, Any], set[str]]]
) -> None:
    operation, body, needed = answers[number]
    assert list(problems(service_model().operation_model(operation).output_shape, body, operation)) == []
    assert needed <= body.keys()


def test_what_the_kernel_takes_for_granted_is_there(
    answers: list[tuple[str, dict[str, Any], set[str]]],
) -> None:
    sessions = [body["Session"] for _, body, _ in answers if "Session" in body]
    for name in ("Id", "Status", "Role", "CreatedOn", "GlueVersion", "Command", "IdleTimeout", "WorkerType"):
        assert all(name in session for session in sessions), name
    failed, fine, cancelled = (body["Statement"]["Output"] for _, body, _ in answers if "Statement" in body)
    assert {"Status", "ErrorName", "ErrorValue", "Traceback"} <= failed.keys()
    assert fine["Data"] == {"TextPlain": "x"}
    assert cancelled


def test_a_picture_has_the_shape_of_the_kernels_own_model(
    plain: Glue, session: str, kernels_model: ServiceModel
) -> None:
    plain.run(session, PICTURE)
    status, body = plain.post("GetStatement", {"SessionId": session, "Id": 0})
    assert status == 200
    assert list(problems(kernels_model.operation_model("GetStatement").output_shape, body, "")) == []
    assert body["Statement"]["Output"]["Data"]["MimeType"] == "image/png;base64"


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ({"Session": {"Status": "READY", "Id": 3}}, "GetSession.Session.Id is 3, no string"),
        ({"Session": {"Status": "BUSY"}}, "none of"),
        ({"Session": {"Progres": 1.0}}, "GetSession.Session.Progres is unknown"),
        ({"Session": {"CreatedOn": "today"}}, "no timestamp"),
    ],
)
def test_a_wrong_shape_is_seen(body: dict[str, Any], problem: str) -> None:
    found = list(problems(service_model().operation_model("GetSession").output_shape, body, "GetSession"))
    assert problem in "".join(found)
