"""Whatever happens to files and jobs, sweeping and running come to rest; nothing is lost, and nobody is told nothing.

The function, the ledger, S3, the jobs and what they publish are real (on moto); only what the notebooks do with Spark
is left out: `read` takes a batch as bronze does, and silver and gold save their checkpoints.
"""

import socket
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import boto3
import psutil
import pytest
from botocore.exceptions import ClientError
from tests.lambda_function.test_handler import handler, messages, put
from tests.support.hudi_tables import write_table
from tests.support.rest import TURNS, turns_to_rest
from tests.support.rows import run_row

from metriccare.definitions.sources import NONE
from metriccare.definitions.tables import RUN
from metriccare.definitions.versions import DEFINITION_VERSION
from metriccare.errors import InputError, LakeError, MetricCareError, StorageError
from metriccare.lake import raw_files, s3
from metriccare.lake.ledger import FileState, Ledger, open_ledger
from metriccare.lake.timeline import Commit
from metriccare.pipeline import gone
from metriccare.pipeline.checkpoints import (
    BronzeCheckpoint,
    Checkpoint,
    GoldCheckpoint,
    SilverCheckpoint,
    load_checkpoint,
)
from metriccare.pipeline.fingerprints import gold_fingerprints, silver_fingerprints
from metriccare.pipeline.glue_job import publish as publishing
from metriccare.pipeline.glue_job import run as module
from metriccare.pipeline.glue_job.arguments import Arguments, parse
from metriccare.pipeline.stage import Stage
from metriccare.pipeline.stages import bronze
from metriccare.pipeline.stages.bronze import Batch
from metriccare.settings import SOLE_RUN_VARIABLE, Lake

__all__ = ["handler"]  # the fixture

STAGES = ("02_bronze", "03_silver", "04_gold")
ALL = ["SUCCEEDED"] * 3


class Killed(BaseException):
    """The driver's machine is gone: nothing after this runs."""


@dataclass
class Tables:
    """The place of Spark in a stage: the commits of bronze.record."""

    commits: list[Commit] = field(default_factory=list)

    def has(self, _: object) -> bool:
        return bool(self.commits)

    def latest_commit(self, _: object) -> str:
        return str(len(self.commits)) if self.commits else ""

    def commit_of_batch(self, *_: object) -> None:
        """Find no batch: the scenarios that kill do so before the commit."""

    def written(self, _: object) -> Commit:
        return self.commits[-1]


class Writer:
    """A stage's writer without Spark."""

    spark = None

    def __init__(self, stage: Stage, tables: Tables) -> None:
        self.stage, self.ledger, self.run_id, self.lake = stage, stage.ledger, stage.run_id, tables
        self.save = stage.save

    def load(self, kind: Any) -> Any:
        return load_checkpoint(self.ledger, kind)


@dataclass
class Account:
    """An account with the function, a bucket, a ledger, and jobs that run in this process."""

    handler: ModuleType
    lake: Lake
    topic: str
    tables: Tables = field(default_factory=Tables)
    events: list[dict[str, Any]] = field(default_factory=list)
    started: list[str] = field(default_factory=list)
    kills: int = 0
    breaks: dict[str, int] = field(default_factory=dict)  # how often a stage fails
    read: list[str] = field(default_factory=list)
    failures: int = 0  # of attempts: each of them mails

    @property
    def url(self) -> str:
        return f"dynamodb://{self.handler.name}?lake=lake"

    @property
    def raw(self) -> str:
        return f"s3://{self.handler.name}/fhir_data/json"

    def upload(self, *names: str, body: bytes = b"{}") -> None:
        records = [put(self.handler.name, f"fhir_data/json/{name}", body) for name in names]
        self.handle(messages({"Records": records}))

    def delete(self, name: str) -> None:
        boto3.client("s3").delete_object(Bucket=self.handler.name, Key=f"fhir_data/json/{name}")

    def handle(self, event: dict[str, Any]) -> None:
        if found := self.handler.handle(event, None)["started"]:
            self.started.append(found)

    def sweep(self) -> None:
        """Give the function what has ended, and the event of the hour."""
        events, self.events = [*self.events, {"source": "aws.events"}], []
        for event in events:
            self.handle(event)

    def daily(self) -> list[list[str]]:
        self.handle({"source": "metriccare.daily", "always": True})
        return self.run()

    def run(self) -> list[list[str]]:
        """Run the workflow runs that were started; return the states of their jobs, each tried twice as on Glue."""
        started, self.started = list(dict.fromkeys(self.started)), []
        return [self.workflow(one) for one in started[:1]]  # Glue starts no second one while the first runs

    def workflow(self, run_id: str) -> list[str]:
        states = list[str]()
        for stage in STAGES:
            states.append(
                "SUCCEEDED" if self.attempt(stage, run_id) or self.attempt(stage, run_id) else "FAILED"
            )
            if states[-1] == "FAILED":
                return states
        self.events.append({"source": "aws.glue"})
        return states

    def attempt(self, stage: str, run_id: str) -> bool:
        given = [
            "--notebook",
            f"{stage}.ipynb",
            "--lake",
            self.lake.root,
            "--raw",
            self.raw,
            "--ledger_url",
            self.url,
        ]
        told = ["--environment", "rest", "--sns_topic", self.topic, "--WORKFLOW_RUN_ID", run_id]
        try:
            module.run(parse([*given, *told]))
        except (MetricCareError, Killed):
            self.failures += 1
            return False
        return True

    def notebook(self, job: Arguments, lake: Lake, run_id: str) -> None:
        """Do what the notebook of the job does."""
        name = Path(job.notebook).stem
        if self.breaks.get(name, 0):
            self.breaks[name] -= 1
            raise InputError("It is broken.")
        {"02_bronze": self.bronze, "03_silver": self.silver, "04_gold": self.gold}[name](lake, run_id)

    def bronze(self, lake: Lake, run_id: str) -> None:
        stage = Stage("bronze", lake, run_id, self.url)
        writer: Any = Writer(stage, self.tables)
        bronze.recover_batches(writer)
        bronze.receive(writer, raw_files.list_files(self.raw), datetime.now(UTC))
        batch = bronze.claim(writer)
        if self.kills:
            self.kills -= 1
            raise Killed  # it holds the lease, and a batch
        try:
            bronze.take(writer, batch)
        finally:
            stage.close()

    def append(self, writer: Any, batch: Batch) -> None:
        for file in batch.files:
            try:
                raw_files.try_reading(file)
            except InputError as problem:
                writer.ledger.release_claims(writer.stage.lease, batch.batch_id)
                writer.ledger.fail(writer.stage.lease, bronze._unreadable(batch, str(problem)))
                raise
        self.read += [file.path.rpartition("/")[2] for file in batch.files]
        self.tables.commits.append(Commit(len(batch.files), 1, 0, 0))

    def silver(self, lake: Lake, run_id: str) -> None:
        instant = load_checkpoint(self.ledger, BronzeCheckpoint).watermark
        if not instant:
            raise LakeError("The lake has no bronze.record yet.")
        self.save(lake, run_id, SilverCheckpoint(instant, instant, silver_fingerprints(NONE), run_id))

    def gold(self, lake: Lake, run_id: str) -> None:
        instant = load_checkpoint(self.ledger, SilverCheckpoint).change_instant
        if not instant:
            raise LakeError("Silver is not complete.")
        write_table(
            replace(lake, root=f"{lake.root}/{instant}"),
            RUN,
            [run_row(run_id=run_id, run_at=datetime.now(UTC))],
        )
        link = Path(RUN.path(lake.root))
        link.parent.mkdir(parents=True, exist_ok=True)
        link.unlink(missing_ok=True)
        link.symlink_to(RUN.path(f"{lake.root}/{instant}"))
        self.save(
            lake, run_id, GoldCheckpoint(instant, instant, gold_fingerprints(DEFINITION_VERSION), run_id)
        )

    def save(self, lake: Lake, run_id: str, checkpoint: Checkpoint) -> None:
        with Stage(checkpoint.STAGE, lake, run_id, self.url) as stage:
            stage.save(checkpoint)

    @property
    def ledger(self) -> Ledger:
        return open_ledger(self.lake, self.url)

    def states(self) -> list[tuple[str, str]]:
        return sorted((one.file.path.rpartition("/")[2], str(one.state)) for one in self.ledger.files())

    def turns(self) -> int:
        return turns_to_rest(self.sweep, self.run)


@pytest.fixture
def account(handler: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    monkeypatch.setitem(sys.modules, "psutil", psutil)  # which the function lacks, and the jobs have
    s3._client.cache_clear()
    monkeypatch.delenv(SOLE_RUN_VARIABLE, raising=False)
    monkeypatch.setattr("metriccare.lake.ledger.lease.PATIENCE_SECONDS", 0.1)
    topic = boto3.client("sns").create_topic(Name=handler.name)["TopicArn"]
    one = Account(handler, Lake.at(tmp_path / "lake"), topic)
    monkeypatch.setattr(module, "_execute", one.notebook)
    monkeypatch.setattr(bronze, "_append", one.append)
    yield one
    s3._client.cache_clear()


@pytest.fixture
def told(account: Account, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the subjects of the messages that were sent; `refuse` in it makes SNS refuse."""
    subjects, original = list[str](), publishing._client

    class Sns:
        def publish(self, **message: str) -> None:
            if "refuse" in subjects:
                raise ClientError({"Error": {"Code": "KMSAccessDenied", "Message": ""}}, "Publish")
            subjects.append(message["Subject"])

    monkeypatch.setattr(publishing, "_client", lambda name: Sns() if name == "sns" else original(name))
    return subjects


def test_what_is_uploaded_is_read_once(account: Account, told: list[str]) -> None:
    account.upload("a.ndjson", "b.ndjson")
    assert account.turns() <= TURNS
    assert account.states() == [("a.ndjson", "done"), ("b.ndjson", "done")]
    assert account.daily() == [ALL]
    assert (sorted(account.read), len(told)) == (["a.ndjson", "b.ndjson"], 1)


def test_a_file_that_is_overwritten_before_it_is_read(account: Account, told: list[str]) -> None:
    account.upload("a.ndjson")
    account.upload("a.ndjson", body=b"{ }")
    assert account.turns() <= TURNS
    assert account.states() == [("a.ndjson", "done"), ("a.ndjson", "gone")]
    account.upload("a.ndjson")  # the first content again: the same version
    assert account.turns() <= TURNS
    assert account.states() == [("a.ndjson", "done"), ("a.ndjson", "done")]
    assert account.read == ["a.ndjson"] * 2


def test_a_file_that_is_deleted_before_it_is_read(account: Account, told: list[str]) -> None:
    account.upload("a.ndjson", "b.ndjson")
    account.delete("a.ndjson")
    assert account.turns() <= TURNS
    assert account.states() == [("a.ndjson", "gone"), ("b.ndjson", "done")]
    account.upload("a.ndjson")
    assert account.turns() <= TURNS
    assert account.states() == [("a.ndjson", "done"), ("b.ndjson", "done")]


def test_the_only_file_is_deleted_before_it_is_read(account: Account, told: list[str]) -> None:
    account.upload("a.ndjson")
    account.delete("a.ndjson")
    assert account.turns() <= TURNS
    assert account.states() == [("a.ndjson", "gone")]
    assert account.daily() == [ALL]
    assert (account.failures, told) == (0, [])


def test_an_empty_raw_prefix(account: Account, told: list[str], caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(2):
        assert account.daily() == [ALL]
        assert account.turns() <= TURNS
    assert "nothing to read yet" in {getattr(record, "reason", "") for record in caplog.records}
    assert (account.states(), account.failures, told) == ([], 0, [])


@pytest.mark.parametrize("first", [(), ("early.ndjson",)])
def test_a_file_that_cannot_be_read(
    account: Account, told: list[str], monkeypatch: pytest.MonkeyPatch, first: tuple[str, ...]
) -> None:
    def find(file: Any) -> raw_files.RawFile:
        if "closed" in file.path:
            raise InputError(f"{file.path} can't be opened: make it readable.")
        return raw_files.find(file)

    for name in first:
        account.upload(name)
        account.run()
    with monkeypatch.context() as patch:
        patch.setattr(gone, "find", find)
        account.upload("closed.ndjson")
        assert account.turns() <= TURNS
        account.daily()
        assert account.turns() <= TURNS
        assert account.states()[0] == ("closed.ndjson", "failed")
    account.daily()
    assert account.states()[0] == ("closed.ndjson", "done")


def test_a_file_that_can_be_found_and_not_read(
    account: Account, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its key may not be used: each batch that it is in would fail, and the others would wait for ever."""
    original = s3.open_from

    def open_from(url: str, *given: Any, **more: Any) -> Any:
        if "closed" in url:
            raise StorageError("S3 refused it (AccessDenied).")
        return original(url, *given, **more)

    monkeypatch.setattr(s3, "open_from", open_from)
    account.upload("a.ndjson", "closed.ndjson", "z.ndjson")
    assert account.turns() <= TURNS
    assert account.states() == [("a.ndjson", "done"), ("closed.ndjson", "failed"), ("z.ndjson", "done")]
    assert account.daily() == [ALL]
    assert account.turns() <= TURNS
    assert len(told) == 1


def test_a_driver_that_is_killed(account: Account, told: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Its retry starts at once on another machine, where nobody can see that the first attempt is dead."""
    drivers = iter(("driver-1", "driver-2"))
    original = account.bronze

    def on_a_driver(lake: Lake, run_id: str) -> None:
        name = next(drivers)
        monkeypatch.setattr(socket, "gethostname", lambda: name)
        original(lake, run_id)

    monkeypatch.setattr(account, "bronze", on_a_driver)
    account.kills = 1
    account.upload("a.ndjson")
    assert account.run() == [ALL]
    assert account.turns() <= TURNS
    assert (account.states(), account.read, len(told)) == ([("a.ndjson", "done")], ["a.ndjson"], 1)


def test_a_publish_that_fails_is_made_up_for_when_it_can_be(account: Account, told: list[str]) -> None:
    told.append("refuse")
    account.upload("a.ndjson")
    assert account.run() == [["SUCCEEDED", "SUCCEEDED", "FAILED"]]
    assert account.turns() <= TURNS
    told.clear()
    assert account.daily() == [ALL]
    assert account.turns() <= TURNS
    assert len(told) == 1


@pytest.mark.parametrize(
    ("stage", "times"),
    [
        ("02_bronze", 1),
        ("03_silver", 2),
        pytest.param("03_silver", 1, marks=pytest.mark.long),
        pytest.param("04_gold", 2, marks=pytest.mark.long),
    ],
)
def test_a_job_that_fails(account: Account, told: list[str], stage: str, times: int) -> None:
    account.breaks[stage] = times
    account.upload("a.ndjson")
    assert account.turns() <= TURNS
    account.daily()
    assert account.turns() <= TURNS
    assert (account.states(), account.read, len(told)) == ([("a.ndjson", "done")], ["a.ndjson"], 1)


def test_a_gold_that_fails_after_it_has_written(account: Account, told: list[str]) -> None:
    """A cell that only shows something fails: the retry has nothing to do, and tells of what was written."""
    original = account.gold

    def failing(lake: Lake, run_id: str) -> None:
        original(lake, run_id)
        account.gold = original  # type: ignore[method-assign]
        raise InputError("A picture can't be drawn.")

    account.gold = failing  # type: ignore[method-assign]
    account.upload("a.ndjson")
    assert account.run() == [ALL]
    assert account.turns() <= TURNS
    assert (account.failures, len(told)) == (1, 1)


def test_a_file_that_comes_while_a_run_is_going(account: Account, told: list[str]) -> None:
    account.upload("a.ndjson")
    original = account.gold

    def late(lake: Lake, run_id: str) -> None:
        original(lake, run_id)
        account.gold = original  # type: ignore[method-assign]
        account.upload("b.ndjson")
        account.started.clear()  # Glue refuses a second run

    account.gold = late  # type: ignore[method-assign]
    assert account.turns() == TURNS
    assert account.states() == [("a.ndjson", "done"), ("b.ndjson", "done")]
    assert len(told) == 2
    assert account.ledger.counts(FileState.RECEIVED) == {}
