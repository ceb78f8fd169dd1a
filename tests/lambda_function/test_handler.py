"""The Lambda function against emulated DynamoDB, S3 and Glue: what is registered, given back and started."""

import importlib.util
import io
import json
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import quote_plus

import boto3
import pytest

from metriccare.lake.ledger import FileState, FileVersion, Owner, open_ledger
from metriccare.lake.ledger.dynamodb_store import create_table
from metriccare.lake.raw_files import list_files
from metriccare.runtime import logs
from metriccare.settings import Lake

HANDLER = Path(__file__).parents[2] / "lambda_function" / "handler.py"


@pytest.fixture
def handler(aws: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """Load the function with a table, a bucket and a workflow of its own, all named by the test's folder.

    As on Lambda, psutil is not installed.
    """
    monkeypatch.setitem(sys.modules, "psutil", None)
    name = tmp_path.name.replace("_", "-")[:50]
    create_table(name)
    boto3.client("s3").create_bucket(Bucket=name)
    boto3.client("glue").create_workflow(Name=name, MaxConcurrentRuns=1)
    monkeypatch.setenv("ENVIRONMENT", "dev")
    names = {
        "LEDGER_TABLE": name,
        "LAKE": "lake",
        "RAW": f"s3://{name}/fhir_data/json/",
        "WORKFLOW_NAME": name,
    }
    for variable, value in (names | {logs.LEVEL_VARIABLE: "info", logs.FORMAT_VARIABLE: "json"}).items():
        monkeypatch.setenv(variable, value)
    spec = importlib.util.spec_from_file_location("handler", HANDLER)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.name = name
    yield module
    monkeypatch.undo()
    logs.configure()


@pytest.fixture
def logged(handler: ModuleType) -> Callable[[], list[dict[str, Any]]]:
    """Return a function that gives what the function has logged."""
    stream = io.StringIO()
    logs.configure(stream)
    return lambda: [json.loads(line) for line in stream.getvalue().splitlines()]


def put(bucket: str, key: str, body: bytes = b"{}") -> dict[str, Any]:
    """Write an object; return the record with which S3 tells of it."""
    etag = boto3.client("s3").put_object(Bucket=bucket, Key=key, Body=body)["ETag"].strip('"')
    stored = {"key": quote_plus(key, safe="/"), "size": len(body), "eTag": etag}
    return {"eventSource": "aws:s3", "s3": {"bucket": {"name": bucket}, "object": stored}}


def messages(*bodies: object) -> dict[str, Any]:
    """Return the event of a queue; a body that is no text is written as JSON."""
    texts = [body if isinstance(body, str) else json.dumps(body) for body in bodies]
    return {"Records": [{"messageId": f"m{at}", "body": text} for at, text in enumerate(texts)]}


def states(handler: ModuleType) -> dict[str, FileState]:
    ledger = open_ledger(Lake("lake"), f"dynamodb://{handler.name}?lake=lake")
    return {entry.file.path.rpartition("/json/")[2]: entry.state for entry in ledger.files()}


def runs(handler: ModuleType) -> int:
    return len(boto3.client("glue").get_workflow_runs(Name=handler.name)["Runs"])


def test_files_are_registered_once_and_the_workflow_starts(handler: ModuleType) -> None:
    one = put(handler.name, "fhir_data/json/source=north/a b+ü.ndjson")
    other = put(handler.name, "fhir_data/json/c.ndjson")
    told = handler.handle(messages({"Records": [one, other]}, {"Records": [one]}), None)
    assert told["batchItemFailures"] == []
    assert told["registered"] == 2
    assert told["started"]
    assert states(handler) == {
        "source=north/a b+ü.ndjson": FileState.RECEIVED,
        "c.ndjson": FileState.RECEIVED,
    }
    assert handler.handle(messages({"Records": [one]}), None)["registered"] == 0


def test_bronze_lists_what_the_event_told_of_as_the_same_version(handler: ModuleType) -> None:
    record = put(handler.name, "fhir_data/json/a.ndjson", b"some bytes")
    handler.handle(messages({"Records": [record]}), None)
    ledger = open_ledger(Lake("lake"), f"dynamodb://{handler.name}?lake=lake")
    listed = [file.as_version() for file in list_files(f"s3://{handler.name}/fhir_data/json")]
    assert [entry.file for entry in ledger.files()] == listed
    assert ledger.unknown(listed) == []


def test_what_is_no_input_and_the_test_event_of_s3_start_nothing(handler: ModuleType) -> None:
    hidden = put(handler.name, "fhir_data/json/_SUCCESS")
    elsewhere = put(handler.name, "fhir_data/json2/a.ndjson")
    test_event = {"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": handler.name}
    told = handler.handle(messages({"Records": [hidden, elsewhere]}, test_event), None)
    assert told == {"batchItemFailures": [], "registered": 0, "started": ""}
    assert states(handler) == {}


def test_a_message_that_is_broken_goes_back_alone(handler: ModuleType) -> None:
    good = {"Records": [put(handler.name, "fhir_data/json/a.ndjson")]}
    told = handler.handle(messages("{half a mes", good, {"Records": [{"s3": {}}]}), None)
    assert told["batchItemFailures"] == [{"itemIdentifier": "m0"}, {"itemIdentifier": "m2"}]
    assert told["registered"] == 1


def test_a_run_that_is_going_is_success_and_the_sweep_takes_the_rest(
    handler: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = put(handler.name, "fhir_data/json/a.ndjson")
    handler.handle(messages({"Records": [record]}), None)
    client, glue = boto3.client, boto3.client("glue")
    busy = glue.exceptions.ConcurrentRunsExceededException(
        {"Error": {"Code": "ConcurrentRunsExceededException", "Message": "running"}}, "StartWorkflowRun"
    )

    class Busy:
        exceptions = glue.exceptions

        def start_workflow_run(self, **_: str) -> None:
            raise busy

    with monkeypatch.context() as patch:
        patch.setattr(handler.boto3, "client", lambda name: Busy() if name == "glue" else client(name))
        assert handler.handle({"Records": []}, None)["started"] == ""
        assert handler.handle({"source": "aws.events"}, None)["started"] == ""
        with pytest.raises(handler.WorkflowBusyError, match="1 files wait for"):
            handler.handle({"source": "aws.glue"}, None)
    before = runs(handler)
    assert handler.handle({"source": "metriccare.sweep"}, None)["started"]
    assert runs(handler) == before + 1


def test_a_file_that_could_not_be_read_starts_no_run_after_the_run(handler: ModuleType) -> None:
    """The run would fail to read it too, and the sweep after it would start the next one, for ever."""
    handler.handle(messages({"Records": [put(handler.name, "fhir_data/json/a.ndjson")]}), None)
    ledger = open_ledger(Lake("lake"), f"dynamodb://{handler.name}?lake=lake")
    (entry,) = ledger.files()
    lease = ledger.acquire("bronze", Owner("run", "host", 1, "now"), datetime.now(UTC))
    ledger.fail(lease, {entry.file.version: "It was deleted before it was read."})

    for source in ("aws.glue", "aws.events", "metriccare.sweep"):
        assert handler.handle({"source": source}, None)["started"] == ""
    assert handler.handle({"source": "metriccare.daily", "always": True}, None)["started"]


def test_a_sweep_with_nothing_waiting_starts_nothing_and_a_daily_one_always_does(handler: ModuleType) -> None:
    assert handler.handle({"source": "aws.events"}, None)["started"] == ""
    assert handler.handle({"source": "aws.events", "always": True}, None)["started"]


def test_a_sweep_reports_how_long_files_have_waited(
    handler: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    handler.handle(messages({"Records": [put(handler.name, "fhir_data/json/a.ndjson")]}), None)
    assert "BacklogAgeSeconds" not in capsys.readouterr().out
    handler.handle({"source": "aws.events"}, None)
    line = json.loads(capsys.readouterr().out.splitlines()[0])
    assert 0 <= line["BacklogAgeSeconds"] < 60
    assert line["_aws"]["CloudWatchMetrics"][0]["Dimensions"] == [["Environment"]]


def test_a_sweep_reports_each_source_and_the_stalest_one_when_nothing_came(
    handler: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    handler.handle({"source": "aws.events"}, None)
    assert "Freshness" not in capsys.readouterr().out  # no source is known yet
    now = datetime.now(UTC)
    ledger = open_ledger(Lake("lake"), f"dynamodb://{handler.name}?lake=lake")
    for source, hours in (("north", 50), ("south", 2)):
        ledger.register([FileVersion(source, f"s3://{source}", source, 1)], now - timedelta(hours=hours))
    handler.handle({"source": "metriccare.daily", "always": True}, None)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    ages = {one.get("Source"): round(one["FreshnessSeconds"] / 3600) for one in lines if "Source" in one}
    assert ages == {"north": 50, "south": 2}
    (stalest,) = (one["StalestSourceSeconds"] for one in lines if "StalestSourceSeconds" in one)
    assert round(stalest / 3600) == 50


def test_a_delivery_is_registered_in_one_call_and_the_backlog_is_not_read(
    handler: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With 200,000 files waiting, reading them at each batch would take 177 MB of the function's 256."""
    from metriccare.lake.ledger.dynamodb_store import Store

    asked: list[str] = []
    open_ledger(Lake("lake"), f"dynamodb://{handler.name}?lake=lake").close()  # notes its format
    for name in ("_answers", "write"):
        original = getattr(Store, name)
        monkeypatch.setattr(
            Store,
            name,
            lambda *given, name=name, original=original, **more: (
                asked.append(name) or original(*given, **more)
            ),
        )
    records = [{"Records": [put(handler.name, f"fhir_data/json/{number}.ndjson")]} for number in range(20)]
    assert handler.handle(messages(*records), None)["started"]
    assert asked == ["write", "write"]  # the source, and all files


def test_a_ledger_that_cannot_be_written_gives_the_messages_back(
    handler: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = put(handler.name, "fhir_data/json/a.ndjson")
    from metriccare.errors import LedgerError
    from metriccare.lake.ledger.dynamodb import DynamoLedger

    def refuse(*_: object) -> int:
        raise LedgerError("The table can't be written.")

    monkeypatch.setattr(DynamoLedger, "register", refuse)
    assert handler.handle(messages({"Records": [record]}), None)["batchItemFailures"] == [
        {"itemIdentifier": "m0"}
    ]


def test_the_log_has_counts_and_no_name_of_a_file(
    handler: ModuleType, logged: Callable[[], list[dict[str, Any]]]
) -> None:
    """Files may be named after patients; a text of an error may quote the message."""
    record = put(handler.name, "fhir_data/json/Maria_Santos.ndjson")
    handler.handle(messages('{"Maria Santos', {"Records": [record]}), None)
    records = [one for one in logged() if one["logger"] == "metriccare.lambda_function"]
    returned, started, registered = (
        {name: value for name, value in one.items() if name not in ("time", "logger", "run")}
        for one in records
    )
    assert returned == {
        "level": "error",
        "message": "return message to queue",
        "message_id": "m0",
        "error": "JSONDecodeError",
    }
    assert started == {"level": "info", "message": "start workflow", "status": "started"}
    assert registered == {
        "level": "info",
        "message": "register files",
        "files": 1,
        "failed": 1,
        "waiting": 1,
    }
    assert "Santos" not in str(logged())
