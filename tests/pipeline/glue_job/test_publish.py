"""A success is published: numbers to CloudWatch, the reconciliation to SNS."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import boto3
import pytest
from tests.support.rows import run_row

from metriccare.lake.ledger import FileVersion, open_ledger, this_process
from metriccare.pipeline.glue_job import publish as module
from metriccare.pipeline.glue_job.arguments import Arguments
from metriccare.pipeline.glue_job.publish import message, metrics, publish
from metriccare.settings import Lake

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
JOB = Arguments("s3://s/04_gold.ipynb", "s3://lake/", workflow="wf", environment="dev")


def test_metrics_are_counts_and_ages(tmp_path: Path) -> None:
    ledger = open_ledger(Lake(str(tmp_path)))
    ledger.register([FileVersion("v1", "a", "default", 1)], NOW - timedelta(hours=2))
    ledger.register([FileVersion("v2", "b", "default", 1)], NOW - timedelta(hours=1))
    ledger.register([FileVersion("v3", "c", "default", 1)], NOW - timedelta(hours=9))
    ledger.fail(
        ledger.acquire("bronze", this_process("run"), NOW), {"v3": "It was deleted before it was read."}
    )
    found = {one["MetricName"]: one["Value"] for one in metrics(run_row(), ledger, "dev", NOW)}
    ledger.close()
    assert found == {
        "RecordsIn": 16.0,
        "RecordsQuarantined": 1.0,
        "MeasureResults": 5.0,
        "BacklogAgeSeconds": 7200.0,
        "FreshnessSeconds": 0.0,
    }


def test_the_message_holds_the_reconciliation() -> None:
    text = message(JOB, run_row())
    assert "16 records = 13 accepted + 2 skipped + 1 quarantined" in text
    assert "Results: 5. Synthetic data." in text
    assert "s3://lake/runs/run-2/" in text


def test_the_message_tells_of_files_that_could_not_be_read() -> None:
    assert "could not be read" not in message(JOB, run_row())
    assert "Files that could not be read: 2." in message(JOB, run_row(), 2)


def test_the_topic_hears_of_it(aws: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "newest_run", lambda _: run_row())
    sns, sqs = boto3.client("sns"), boto3.client("sqs")
    topic = sns.create_topic(Name="results")["TopicArn"]
    queue = sqs.create_queue(QueueName="heard")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    ledger = open_ledger(Lake(str(tmp_path)))
    publish(Arguments("n", "s3://lake", environment="dev", sns_topic=topic), Lake("s3://lake"), ledger, NOW)
    ledger.close()
    (heard,) = sqs.receive_message(QueueUrl=queue)["Messages"]
    body = json.loads(heard["Body"])
    assert body["Subject"] == "MetricCare dev: 5 results as of 2025-06-30"
    listed = boto3.client("cloudwatch").list_metrics(Namespace="MetricCare")["Metrics"]
    assert {one["MetricName"] for one in listed} >= {"RecordsIn", "MeasureResults"}
