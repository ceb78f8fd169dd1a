"""Publishes a successful gold job: metrics to CloudWatch, a message to SNS. Counts only, no patient data."""

from datetime import datetime
from typing import Any

from metriccare.lake.ledger import FileState, Ledger
from metriccare.lake.ledger.backlog import backlog_age, waiting_since
from metriccare.lake.run_log import Row, newest_run
from metriccare.pipeline.glue_job.arguments import Arguments
from metriccare.settings import Lake

NAMESPACE = "MetricCare"
_PARTS = ("accepted", "skipped", "quarantined")


def publish(job: Arguments, lake: Lake, ledger: Ledger, now: datetime) -> None:
    """Publish the metrics if the job has an environment, and the message if it has a topic.

    Raises:
        LakeError: the newest row of gold.run can't be read.
    """
    run = newest_run(lake)
    if job.environment:
        _client("cloudwatch").put_metric_data(
            Namespace=NAMESPACE, MetricData=metrics(run, ledger, job.environment, now)
        )
    if job.sns_topic:
        unreadable = ledger.counts().get(FileState.FAILED, 0)
        subject = f"MetricCare {job.environment}: {run['results']:,} results as of {run['as_of']}"
        _client("sns").publish(
            TopicArn=job.sns_topic, Subject=subject[:100], Message=message(job, run, unreadable)
        )


def metrics(run: Row, ledger: Ledger, environment: str, now: datetime) -> list[dict[str, Any]]:
    """Return the metrics of a run.

    Records are counted over all of bronze, so the share in quarantine is that of the whole lake. Ages are in seconds:
    that of the oldest waiting file, and that of the newest received file. A file that could not be read does not wait.
    """
    newest = max((entry.received_at for entry in ledger.files(FileState.DONE)), default=now)
    values = {
        "RecordsIn": (float(run["records"]), "Count"),
        "RecordsQuarantined": (float(sum(run["quarantined"].values())), "Count"),
        "MeasureResults": (float(run["results"]), "Count"),
        "BacklogAgeSeconds": (backlog_age(waiting_since(ledger), now), "Seconds"),
        "FreshnessSeconds": ((now - newest).total_seconds(), "Seconds"),
    }
    dimensions = [{"Name": "Environment", "Value": environment}]
    return [
        {"MetricName": name, "Dimensions": dimensions, "Timestamp": now, "Value": value, "Unit": unit}
        for name, (value, unit) in values.items()
    ]


def message(job: Arguments, run: Row, unreadable: int = 0) -> str:
    """Return the reconciliation in words.

    Args:
        job: the arguments of the job.
        run: the row of gold.run.
        unreadable: how many file versions could not be read.
    """
    accepted, skipped, quarantined = (sum(run[part].values()) for part in _PARTS)
    return "\n".join(
        (
            f"Run {run['run_id']} of {job.workflow or 'a job'} computed the measures as of {run['as_of']}.",
            f"Input: {run['files']:,} files, {run['records']:,} records = {accepted:,} accepted"
            f" + {skipped:,} skipped + {quarantined:,} quarantined.",
            *_about(unreadable),
            f"Live resources: {_listing(run['live'])}.",
            f"Stays: {run['stays']:,}. Results: {run['results']:,}."
            f"{' Synthetic data.' if run['is_synthetic'] else ''}",
            f"Notebooks: {job.lake.rstrip('/')}/runs/{run['run_id']}/",
        )
    )


def _about(unreadable: int) -> list[str]:
    told = f"Files that could not be read: {unreadable:,}. `metriccare status` lists them; every run tries them again."
    return [told] if unreadable else []


def _listing(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in sorted(counts.items())) or "none"


def _client(service: str) -> Any:
    import boto3

    return boto3.client(service)
