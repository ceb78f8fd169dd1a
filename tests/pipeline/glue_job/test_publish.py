"""What jobs did is published: numbers to CloudWatch, the reconciliation to SNS; once, whichever attempt manages to."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from tests.support.chat import taken
from tests.support.hudi_tables import write_table
from tests.support.rows import run_row

from metriccare.definitions.tables import RUN
from metriccare.errors import PublishError
from metriccare.lake.ledger import FileVersion, Ledger, open_ledger, this_process
from metriccare.pipeline.checkpoints import BronzeCheckpoint, to_json
from metriccare.pipeline.glue_job import publish as module
from metriccare.pipeline.glue_job.arguments import Arguments
from metriccare.pipeline.glue_job.publish import publish_end, publish_records, publish_results
from metriccare.runtime.metrics import METRICS, NAMESPACE, Point, as_log_line
from metriccare.settings import Lake

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
Heard = Callable[[], list[dict[str, Any]]]
Denied = set[str]


@pytest.fixture
def denied(aws: str, monkeypatch: pytest.MonkeyPatch) -> Denied:
    """Return the names of the services that refuse; put one in and it does."""
    refusing, original = Denied(), module._client

    class Refusing:
        def __getattr__(self, operation: str) -> Any:
            def refuse(**_: Any) -> None:
                raise ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, operation)

            return refuse

    monkeypatch.setattr(module, "_client", lambda name: Refusing() if name in refusing else original(name))
    return refusing


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake.at(tmp_path / "lake")


@pytest.fixture
def ledger(lake: Lake) -> Iterator[Ledger]:
    one = open_ledger(lake)
    yield one
    one.close()


@pytest.fixture
def job(aws: str, tmp_path: Path) -> Arguments:
    """Return the arguments of a job with an environment and two topics of its own."""
    topics = [boto3.client("sns").create_topic(Name=f"{tmp_path.name}-{kind}")["TopicArn"] for kind in "ab"]
    return Arguments("n", "s3://lake", environment=tmp_path.name, sns_topic=topics[0], slack_topic=topics[1])


def listen(topic: str) -> Heard:
    """Return a function that gives what a topic has told since it was last asked."""
    sqs = boto3.client("sqs")
    queue = sqs.create_queue(QueueName=f"{topic.rpartition(':')[2]}-heard")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    boto3.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)

    def heard() -> list[dict[str, Any]]:
        found = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
        for one in found:
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=one["ReceiptHandle"])
        return [json.loads(one["Body"]) for one in found]

    return heard


def bring(ledger: Ledger, records: int, quarantined: int) -> None:
    """Let bronze have read so much altogether."""
    lease = ledger.acquire("bronze", this_process("run"), NOW)
    ledger.set_state(
        lease, "bronze", to_json(BronzeCheckpoint("1", records=records, quarantined=quarantined))
    )
    ledger.release(lease)


def published(environment: str) -> dict[str, list[float]]:
    """Return the values of each metric of an environment."""
    cloudwatch, found = boto3.client("cloudwatch"), dict[str, list[float]]()
    for metric in cloudwatch.list_metrics(Namespace=NAMESPACE)["Metrics"]:
        if {"Name": "Environment", "Value": environment} in metric["Dimensions"]:
            about = {key: metric[key] for key in ("Namespace", "MetricName", "Dimensions")}
            span = {"StartTime": NOW - timedelta(days=1), "EndTime": NOW + timedelta(days=1), "Period": 60}
            points = cloudwatch.get_metric_statistics(**about, **span, Statistics=["Sum", "SampleCount"])
            found[metric["MetricName"]] = [point["Sum"] for point in points["Datapoints"]]
    return found


def test_the_metrics_of_records_are_those_of_the_run(job: Arguments, ledger: Ledger) -> None:
    """In a lake of ten million records a delivery of which all is bad would not be seen."""
    bring(ledger, 10_000_000, 10)
    publish_records(job, ledger, "run-1", NOW - timedelta(hours=1))
    bring(ledger, 10_100_000, 100_010)
    publish_records(job, ledger, "run-2", NOW)
    found = published(job.environment)
    assert sorted(found["RecordsIn"]) == [100_000, 10_000_000]
    assert sorted(found["RecordsQuarantined"]) == [10, 100_000]
    assert max(found["QuarantinedPercent"]) == 100
    publish_records(
        job, ledger, "run-3", NOW + timedelta(hours=1)
    )  # nothing new: no value, and no zero either
    assert len(published(job.environment)["QuarantinedPercent"]) == 2


def test_records_that_could_not_be_told_are_told_with_the_next(
    job: Arguments, ledger: Ledger, denied: Denied
) -> None:
    bring(ledger, 100, 5)
    denied.add("cloudwatch")
    with pytest.raises(PublishError, match=r"metrics of records could not be sent \(AccessDenied\): allow"):
        publish_records(job, ledger, "run-1", NOW)
    denied.clear()
    bring(ledger, 150, 6)
    publish_records(job, ledger, "run-2", NOW)
    assert published(job.environment)["RecordsIn"] == [150]


def test_a_run_is_told_once_in_plain_text_and_as_a_chat_takes_it(
    job: Arguments, lake: Lake, ledger: Ledger
) -> None:
    mails, posts = listen(job.sns_topic), listen(job.slack_topic)
    publish_results(job, lake, ledger, "run-1", NOW)
    assert (mails(), posts()) == ([], [])  # nothing has run
    write_table(lake, RUN, [run_row(run_id="run-1")])
    ledger.register([FileVersion("v1", "a", "north", 1)], NOW - timedelta(hours=49))
    bring(ledger, 16, 1)
    for _ in range(2):
        publish_results(job, lake, ledger, "run-1", NOW)
    (mail,), (post,) = mails(), posts()
    assert mail["Subject"] == taken(post["Message"])["title"]
    assert mail["Message"] == taken(post["Message"])["description"]
    assert "New: 16 records, 1 of them quarantined." in mail["Message"]
    assert "The source north has sent nothing for 49 hours." in mail["Message"]
    assert published(job.environment)["MeasureResults"] == [5]


def test_a_run_that_is_given_an_earlier_ones_id_is_told_too(
    job: Arguments, lake: Lake, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    mails = listen(job.sns_topic)
    write_table(lake, RUN, [run_row()])
    publish_results(job, lake, ledger, "run-2", NOW)
    monkeypatch.setattr(module, "newest_run", lambda _: run_row(run_at=NOW))
    publish_results(job, lake, ledger, "run-2", NOW)
    assert len(mails()) == 2


@pytest.mark.parametrize("service", ["sns", "cloudwatch"])
def test_a_retry_tells_what_the_first_try_could_not(
    job: Arguments, lake: Lake, ledger: Ledger, denied: Denied, service: str
) -> None:
    """Gold wrote, then publishing was refused: the retry finds nothing new to do, and tells all the same."""
    mails, posts = listen(job.sns_topic), listen(job.slack_topic)
    write_table(lake, RUN, [run_row(run_id="run-1")])
    denied.add(service)
    with pytest.raises(PublishError, match="AccessDenied"):
        publish_results(job, lake, ledger, "run-1", NOW)
    denied.clear()
    for _ in range(2):
        publish_results(job, lake, ledger, "run-1", NOW)
    assert (len(mails()), len(posts())) == (1, 1)  # and what CloudWatch refuses keeps no message back
    assert published(job.environment)["MeasureResults"] == [5]


def test_how_a_job_ended_is_published_with_zeros_and_fails_no_job(job: Arguments, denied: Denied) -> None:
    publish_end(job, "silver", 90, succeeded=True, now=NOW)
    publish_end(job, "silver", 30, succeeded=False, now=NOW)
    denied.add("cloudwatch")
    publish_end(job, "silver", 30, succeeded=True, now=NOW)
    assert published(job.environment) == {"JobSeconds": [120], "JobsSucceeded": [1], "JobsFailed": [1]}


def test_a_dimension_is_ascii_whatever_a_source_is_called() -> None:
    line = json.loads(as_log_line(Point("FreshnessSeconds", 1, "nörd"), "dev", NOW))
    assert (line["Source"], line["Environment"]) == (r"n\xf6rd", "dev")


def test_every_metric_has_a_unit_that_cloudwatch_knows() -> None:
    shape = boto3.client("cloudwatch", "us-east-1").meta.service_model.shape_for("StandardUnit")
    assert {unit for unit, _ in METRICS.values()} <= set(shape.enum)
