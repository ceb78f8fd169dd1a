"""What a client of boto3 sees, as AWS would show it."""

import time

import pytest
from botocore.exceptions import ClientError
from tests.runtime.glue_sessions.endpoint import ARGUMENTS, NEEDED, Glue

from metriccare.runtime.glue_sessions.identity import ROLE
from metriccare.runtime.glue_sessions.session import MAX_UNFINISHED_STATEMENTS
from metriccare.runtime.glue_sessions.validation import service_model

FINE = NEEDED
COMMON = {"ValidationException", "UnknownOperationException"}  # any operation may answer with these
SLEEP = "import time\nwhile True:\n    time.sleep(0.01)"


def arn(name: str) -> str:
    return f"arn:aws:glue:us-east-1:000000000000:session/{name}"


def code_of(caught: pytest.ExceptionInfo[ClientError]) -> str:
    return str(caught.value.response["Error"]["Code"])


def test_a_session_reports_what_it_was_asked_for(plain: Glue) -> None:
    asked = {
        "Description": "for a test",
        "IdleTimeout": 30,
        "WorkerType": "G.2X",
        "NumberOfWorkers": 3,
        "GlueVersion": "5.0",
        "SecurityConfiguration": "strict",
        "Connections": {"Connections": ["warehouse"]},
        "DefaultArguments": {"--datalake-formats": "hudi"},
    }
    session = plain.create("asked", **asked)

    assert {name: session[name] for name in asked} == asked | {
        "DefaultArguments": {**ARGUMENTS, "--datalake-formats": "hudi"}
    }
    assert (session["Id"], session["Status"], session["Role"]) == ("asked", "READY", ROLE)
    plain.client.stop_session(Id="asked")


def test_a_session_has_the_defaults_of_aws(plain: Glue, session: str) -> None:
    found = plain.client.get_session(Id=session)["Session"]
    names = ("IdleTimeout", "WorkerType", "NumberOfWorkers", "SessionType")
    assert tuple(found[name] for name in names) == (2880, "G.1X", 5, "LIVY")


def test_a_session_by_capacity_has_no_workers(plain: Glue) -> None:
    session = plain.create("capacity", MaxCapacity=2.0)
    assert session["MaxCapacity"] == 2.0
    assert "WorkerType" not in session
    plain.client.stop_session(Id="capacity")


def test_statements_run_in_their_order_and_are_listed(plain: Glue, session: str) -> None:
    numbers = [plain.start(session, f"print({n})") for n in range(4)]

    assert numbers == [0, 1, 2, 3]
    assert plain.result(session, 3)["Output"]["Data"] == {"TextPlain": "3"}
    listed = plain.client.list_statements(SessionId=session)["Statements"]
    assert [(one["Id"], one["Code"], one["State"]) for one in listed] == [
        (n, f"print({n})", "AVAILABLE") for n in numbers
    ]
    assert all(one["StartedOn"] <= one["CompletedOn"] for one in listed)


def test_long_lists_come_in_pages(plain: Glue, session: str) -> None:
    for _ in range(120):
        plain.run(session, "1")
    few = plain.client.list_sessions(MaxResults=1)
    rest = plain.client.list_sessions(NextToken=few["NextToken"])
    first = plain.client.list_statements(SessionId=session)
    second = plain.client.list_statements(SessionId=session, NextToken=first["NextToken"])

    assert len(few["Ids"]) == 1
    assert few["Ids"] + rest["Ids"] == plain.client.list_sessions()["Ids"]
    assert [one["Id"] for page in (first, second) for one in page["Statements"]] == list(range(120))
    assert "NextToken" not in second


def test_an_error_is_an_available_statement_with_a_traceback(plain: Glue, session: str) -> None:
    statement = plain.run(session, "{}['ward']")

    assert statement["State"] == "AVAILABLE"
    assert (statement["Output"]["Status"], statement["Output"]["ErrorName"]) == ("error", "KeyError")
    assert statement["Output"]["Traceback"][-1] == "KeyError: 'ward'\n"
    assert plain.text(session, "'still here'") == "'still here'"


def test_a_cancelled_statement_stops_and_the_session_goes_on(plain: Glue, session: str) -> None:
    running, waiting = plain.start(session, SLEEP), plain.start(session, "print('never')")
    plain.client.cancel_statement(SessionId=session, Id=waiting)
    plain.client.cancel_statement(SessionId=session, Id=running)

    assert plain.result(session, running)["State"] == "CANCELLED"
    assert plain.result(session, waiting)["State"] == "CANCELLED"
    assert plain.text(session, "'still here'") == "'still here'"


def test_a_statement_that_ended_can_be_cancelled_without_harm(plain: Glue, session: str) -> None:
    plain.run(session, "1")
    plain.client.cancel_statement(SessionId=session, Id=0)
    assert plain.result(session, 0)["State"] == "AVAILABLE"
    assert plain.text(session, "2") == "2"


def test_what_a_cell_writes_past_python_does_not_disturb_the_session(plain: Glue, session: str) -> None:
    assert plain.text(session, "import os\n_ = os.system('echo {}'); os.write(1, b'noise')") == "5"


def test_a_long_output_comes_whole(plain: Glue, session: str) -> None:
    assert plain.text(session, "print('\\n'.join(map(str, range(20000))))").endswith("\n19999")


def test_tags_are_kept_changed_and_searched(plain: Glue, session: str) -> None:
    plain.create("tagged", Tags={"owner": "quality", "stage": "test"})
    plain.client.tag_resource(ResourceArn=arn("tagged"), TagsToAdd={"stage": "dev", "new": "1"})
    plain.client.untag_resource(ResourceArn=arn("tagged"), TagsToRemove=["new", "unknown"])

    assert plain.client.get_tags(ResourceArn=arn("tagged"))["Tags"] == {"owner": "quality", "stage": "dev"}
    assert plain.client.list_sessions(Tags={"owner": "quality"})["Ids"] == ["tagged"]
    plain.client.delete_session(Id="tagged")


def test_a_deleted_session_is_gone(plain: Glue) -> None:
    plain.create("deleted")
    assert plain.client.delete_session(Id="deleted")["Id"] == "deleted"
    assert "deleted" not in plain.client.list_sessions()["Ids"]


@pytest.mark.parametrize(
    ("operation", "request_", "code"),
    [
        ("GetSession", {"Id": "nobody"}, "EntityNotFoundException"),
        ("StopSession", {"Id": "nobody"}, "InvalidInputException"),
        ("DeleteSession", {"Id": "nobody"}, "InvalidInputException"),
        ("RunStatement", {"SessionId": "nobody", "Code": "1"}, "EntityNotFoundException"),
        ("GetStatement", {"SessionId": "nobody", "Id": 0}, "EntityNotFoundException"),
        ("ListStatements", {"SessionId": "nobody"}, "EntityNotFoundException"),
        ("CancelStatement", {"SessionId": "nobody", "Id": 0}, "EntityNotFoundException"),
        ("GetTags", {"ResourceArn": arn("nobody")}, "EntityNotFoundException"),
        ("GetTags", {"ResourceArn": "arn:aws:glue:us-east-1:1:job/x"}, "EntityNotFoundException"),
        ("ListSessions", {"NextToken": "x"}, "InvalidInputException"),
        ("CreateSession", {"Id": "x", **FINE, "GlueVersion": "9.9"}, "InvalidInputException"),
        (
            "CreateSession",
            {"Id": "x", **FINE, "MaxCapacity": 2.0, "WorkerType": "G.1X"},
            "InvalidInputException",
        ),
        (
            "CreateSession",
            {"Id": "x", **FINE, "DefaultArguments": {**ARGUMENTS, "--conf": "x"}},
            "InvalidInputException",
        ),
        (
            "CreateSession",
            {"Id": "x", **FINE, "SessionType": "SPARK_CONNECT"},
            "OperationNotSupportedException",
        ),
        ("CreateSession", {"Id": "x", "Role": ROLE}, "ValidationException"),
        ("CreateSession", {"Id": "", **FINE}, "ValidationException"),
        ("CreateSession", {"Id": 3, **FINE}, "ValidationException"),
        ("CreateSession", {"Id": "x", **FINE, "Role": "MyGlueServiceRoleName"}, "ValidationException"),
        ("CreateSession", {"Id": "x", **FINE, "WorkerType": "G.3X"}, "ValidationException"),
        ("CreateSession", {"Id": "x", **FINE, "IdleTimeout": 0}, "ValidationException"),
        ("CreateSession", {"Id": "x", **FINE, "IdleTimeout": "30"}, "ValidationException"),
        ("CreateSession", {"Id": "x" * 256, **FINE}, "ValidationException"),
        ("CreateSession", {"Id": "\n", **FINE}, "ValidationException"),
        ("ListSessions", {"MaxResults": 1001}, "ValidationException"),
        ("RunStatement", {"SessionId": "x", "Code": "1" * 68_001}, "ValidationException"),
        ("GetStatement", {"SessionId": "x", "Id": "0"}, "ValidationException"),
        ("GetJobs", {}, "UnknownOperationException"),
        ("GetSesion", {}, "UnknownOperationException"),
    ],
)
def test_a_request_is_refused_by_the_name_that_aws_has_for_the_reason(
    operation: str, request_: dict[str, object], code: str, plain: Glue
) -> None:
    status, body = plain.post(operation, request_)

    assert (status, body["__type"]) == (400, code)
    assert body["Message"] == body["message"] != ""
    if code not in COMMON:
        declared = {error.name for error in service_model().operation_model(operation).error_shapes}
        assert code in declared


def test_a_name_with_characters_beyond_the_basic_plane_is_valid(plain: Glue) -> None:
    status, _ = plain.post("CreateSession", {"Id": "\N{HOSPITAL} north", **FINE})
    assert status == 200
    plain.client.delete_session(Id="\N{HOSPITAL} north")


def test_a_member_that_the_service_does_not_know_is_ignored(plain: Glue, session: str) -> None:
    assert plain.post("GetSession", {"Id": session, "Unknown": 1})[0] == 200


def test_a_name_is_taken_once(plain: Glue, session: str) -> None:
    with pytest.raises(ClientError) as caught:
        plain.create(session)
    assert code_of(caught) == "AlreadyExistsException"


@pytest.mark.parametrize("number", [-1, 0, 7])
def test_a_statement_that_is_not_there_is_not_found(number: int, plain: Glue, session: str) -> None:
    for ask in (plain.client.get_statement, plain.client.cancel_statement):
        with pytest.raises(ClientError) as caught:
            ask(SessionId=session, Id=number)
        assert code_of(caught) == "EntityNotFoundException"


def test_too_many_unfinished_statements_are_refused(plain: Glue, session: str) -> None:
    running = [plain.start(session, SLEEP) for _ in range(MAX_UNFINISHED_STATEMENTS)]
    with pytest.raises(ClientError) as caught:
        plain.start(session, "1")
    assert code_of(caught) == "ResourceNumberLimitExceededException"
    for number in reversed(running):
        plain.client.cancel_statement(SessionId=session, Id=number)
    assert plain.text(session, "1") == "1"


def test_a_session_that_begins_or_has_ended_takes_no_statement(plain: Glue) -> None:
    plain.client.create_session(Id="early", **FINE)
    with pytest.raises(ClientError) as caught:
        plain.start("early", "1")
    assert code_of(caught) == "IllegalSessionStateException"
    assert "PROVISIONING" in str(caught.value)

    plain.client.stop_session(Id="early")
    plain.until("early", "STOPPED")
    with pytest.raises(ClientError) as caught:
        plain.start("early", "1")
    assert code_of(caught) == "IllegalSessionStateException"


def test_an_answer_waits_a_little_for_a_quick_cell_and_not_long_for_a_slow_one(
    plain: Glue, session: str
) -> None:
    quick = plain.start(session, "import time\ntime.sleep(0.2)")
    assert plain.client.get_statement(SessionId=session, Id=quick)["Statement"]["State"] == "AVAILABLE"

    slow, began = plain.start(session, SLEEP), time.monotonic()
    assert plain.client.get_statement(SessionId=session, Id=slow)["Statement"]["State"] == "RUNNING"
    assert time.monotonic() - began < 2
    plain.client.cancel_statement(SessionId=session, Id=slow)
