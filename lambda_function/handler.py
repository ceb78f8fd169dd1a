"""Takes S3 events from the queue into the ledger, and starts the Glue workflow where files wait.

Events of the queue (`Records`, each an S3 notification) are registered one message at a time: what can't be is given
back to the queue as a partial batch failure. Every other event is a schedule's or a sweep's: it registers nothing, and
the age of the oldest file that waits becomes a metric. Environment: LEDGER_TABLE, LAKE (its name in the ledger), RAW
(`s3://bucket/prefix/`), WORKFLOW_NAME, ENVIRONMENT (dimension of the metric).
"""

import json
import logging
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote_plus

import boto3

from metriccare.errors import MetricCareError
from metriccare.lake.ledger import FileVersion, open_ledger
from metriccare.lake.ledger.backlog import backlog_age, waiting_since
from metriccare.lake.raw_files import is_input, of_object
from metriccare.runtime import logs
from metriccare.settings import Lake

log = logging.getLogger("metriccare.lambda_function")
logs.configure_for_machines()
RUNS_ALREADY = "ConcurrentRunsExceededException"
OF_GLUE = "aws.glue"


class WorkflowBusyError(Exception):
    """Raised when files wait and the workflow could not be started."""


def handle(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Register the files of the event, then start the workflow if files are waiting.

    Raises:
        WorkflowBusyError: a run has ended, files wait, and the workflow is not free yet: Lambda tries again later.

    Returns:
        `batchItemFailures`: the messages that the queue must deliver again; `registered`: file versions that were
        new; `started`: the id of the workflow's run, empty if none was started.
    """
    lake = os.environ["LAKE"]
    ledger = open_ledger(Lake(lake), f"dynamodb://{os.environ['LEDGER_TABLE']}?lake={lake}")
    failures, registered = [], 0
    for message in event.get("Records", ()):
        try:
            registered += ledger.register(list(_versions(message)), datetime.now(UTC))
        except (MetricCareError, KeyError, ValueError) as error:
            fields = {"message_id": message.get("messageId"), "error": logs.error_name(error)}
            log.error("return message to queue", extra=fields)
            failures.append({"itemIdentifier": message["messageId"]})
    waiting = waiting_since(ledger)
    if "Records" not in event:
        _tell_backlog(waiting, datetime.now(UTC))
    started = _start() if waiting or event.get("always") else ""
    if waiting and not started and event.get("source") == OF_GLUE:
        raise WorkflowBusyError(
            f"{len(waiting)} files wait for {os.environ['WORKFLOW_NAME']}, which runs still."
        )
    log.info("register files", extra={"files": registered, "failed": len(failures), "waiting": len(waiting)})
    return {"batchItemFailures": failures, "registered": registered, "started": started}


def _versions(message: dict[str, Any]) -> Iterator[FileVersion]:
    """Yield the file versions of a message; a test event has none, and files that are not input are skipped."""
    raw = os.environ["RAW"].rstrip("/")
    for record in json.loads(message["body"]).get("Records", ()):
        stored, key = record["s3"]["object"], unquote_plus(record["s3"]["object"]["key"])
        url = f"s3://{record['s3']['bucket']['name']}/{key}"
        if url.startswith(f"{raw}/") and is_input(url.removeprefix(raw)):
            yield of_object(url, stored["size"], stored["eTag"]).as_version()


def _tell_backlog(waiting: list[datetime], now: datetime) -> None:
    """Print the metric in CloudWatch's embedded format: the log's line is the metric, no call and no right needed."""
    metric = {"Name": "BacklogAgeSeconds", "Unit": "Seconds"}
    about = {"Namespace": "MetricCare", "Dimensions": [["Environment"]], "Metrics": [metric]}
    line = {
        "_aws": {"Timestamp": int(now.timestamp() * 1000), "CloudWatchMetrics": [about]},
        "Environment": os.environ["ENVIRONMENT"],
        "BacklogAgeSeconds": backlog_age(waiting, now),
    }
    print(json.dumps(line))


def _start() -> str:
    """Start the workflow; one that runs already is success, since the sweep after its end takes the rest."""
    glue = boto3.client("glue")
    try:
        run: str = glue.start_workflow_run(Name=os.environ["WORKFLOW_NAME"])["RunId"]
    except glue.exceptions.ClientError as error:
        if error.response["Error"]["Code"] != RUNS_ALREADY:
            raise
        log.info("start workflow", extra={"status": "running already"})
        return ""
    log.info("start workflow", extra={"status": "started", "run": run})
    return run
