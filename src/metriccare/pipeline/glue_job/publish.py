"""Publishes what jobs did: metrics to CloudWatch, messages to SNS. Counts only, no patient data.

What a job must tell is sent once (`send_once`), whichever attempt manages to. What only measures the job itself, its
duration and how it ended, is sent as it comes: it fails no job, and no retry could know it.
"""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from metriccare.definitions.tables import RUN
from metriccare.errors import PublishError
from metriccare.lake.ledger import FileState, Ledger, this_process
from metriccare.lake.ledger.backlog import source_ages
from metriccare.lake.run_log import Row, newest_run
from metriccare.lake.storage import has_table
from metriccare.pipeline.checkpoints import BronzeCheckpoint, load_checkpoint
from metriccare.pipeline.glue_job import message
from metriccare.pipeline.glue_job.arguments import Arguments
from metriccare.pipeline.glue_job.once import News, Send, send_once
from metriccare.runtime import logs
from metriccare.runtime.metrics import NAMESPACE, Point, as_data
from metriccare.settings import Lake

log = logging.getLogger(__name__)

_HOUR = 3600


def publish_records(job: Arguments, ledger: Ledger, run_id: str, now: datetime) -> None:
    """Publish what bronze has read since this was last published, if the job has an environment.

    Raises:
        PublishError: CloudWatch refused; the next run sends it.
    """
    brought = load_checkpoint(ledger, BronzeCheckpoint)

    def send(last: News) -> None:
        records, quarantined = _since(last, brought)
        share = 100 * quarantined / records if records else 0.0
        points = {"RecordsIn": records, "RecordsQuarantined": quarantined, "QuarantinedPercent": share}
        _put(job, [Point(name, value) for name, value in points.items()], now)

    if job.environment and brought.records:
        send_once(ledger, this_process(run_id), "metrics of records", _counts(brought), "records", send)


def publish_results(job: Arguments, lake: Lake, ledger: Ledger, run_id: str, now: datetime) -> None:
    """Publish the newest row of gold.run, unless that was done: as a metric, as an e-mail, in a chat.

    Args:
        job: its environment and topics; what is empty is left out.
        lake: the lake.
        ledger: its ledger.
        run_id: of this job, which need not be the run that wrote the row.
        now: UTC.

    Raises:
        LakeError: the newest row of gold.run can't be read.
        PublishError: CloudWatch or SNS refused; the next run sends it.
    """
    if not has_table(lake, RUN):
        return
    run, brought = newest_run(lake), load_checkpoint(ledger, BronzeCheckpoint)
    news = {"run_id": run["run_id"], "run_at": run["run_at"].isoformat(), **_counts(brought)}

    def words(last: News) -> str:
        return message.text(job, run, _input(job, ledger, _since(last, brought), now))

    refused: list[PublishError] = []
    for channel, send in _channels(job, run, words, now).items():
        try:
            send_once(ledger, this_process(run_id), channel, news, "run_at", send)
        except PublishError as error:  # the other channels are told all the same
            refused.append(error)
    if refused:
        raise refused[0]


def _channels(job: Arguments, run: Row, words: Callable[[News], str], now: datetime) -> dict[str, Send]:
    """Return by channel of the job how it is told of a run, in words that depend on what it was told last."""
    title = message.subject(job, run)

    def measure(_: News) -> None:
        _put(job, [Point("MeasureResults", run["results"])], now)

    def mail(last: News) -> None:
        _client("sns").publish(TopicArn=job.sns_topic, Subject=title, Message=words(last))

    def post(last: News) -> None:
        _client("sns").publish(TopicArn=job.slack_topic, Message=message.for_chat(title, words(last)))

    targets: dict[str, tuple[str, Send]] = {
        "metrics of results": (job.environment, measure),
        "e-mail": (job.sns_topic, mail),
        "Slack message": (job.slack_topic, post),
    }
    return {channel: send for channel, (target, send) in targets.items() if target}


def publish_end(job: Arguments, stage: str, seconds: float, *, succeeded: bool, now: datetime) -> None:
    """Publish how long a job took and how it ended, if it has an environment; a refusal is logged."""
    ended = "JobsSucceeded" if succeeded else "JobsFailed"
    points = [Point("JobSeconds", seconds, stage), *(_ended(name, ended, stage) for name in _ENDS)]
    try:
        if job.environment:
            _put(job, points, now)
    except (ClientError, BotoCoreError) as error:
        log.warning("publish metrics", extra={"status": "refused", "error": logs.error_name(error)})


_ENDS = ("JobsSucceeded", "JobsFailed")  # both: a rate needs the zeros


def _ended(name: str, ended: str, stage: str) -> Point:
    return Point(name, float(name == ended), stage)


def _counts(brought: BronzeCheckpoint) -> dict[str, int]:
    return {"records": brought.records, "quarantined": brought.quarantined}


def _since(last: News, brought: BronzeCheckpoint) -> tuple[int, int]:
    """Return how many records were read and quarantined since the last news."""
    return brought.records - last.get("records", 0), brought.quarantined - last.get("quarantined", 0)


def _input(job: Arguments, ledger: Ledger, new: tuple[int, int], now: datetime) -> message.Input:
    unreadable = ledger.counts(FileState.FAILED).get(FileState.FAILED, 0)
    ages = source_ages(ledger, now).items()
    return message.Input(
        *new, unreadable, {name: age for name, age in ages if age > job.freshness_hours * _HOUR}
    )


def _put(job: Arguments, points: Iterable[Point], now: datetime) -> None:
    _client("cloudwatch").put_metric_data(
        Namespace=NAMESPACE, MetricData=as_data(points, job.environment, now)
    )


def _client(service: str) -> Any:
    import boto3

    return boto3.client(service)
