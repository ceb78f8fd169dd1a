"""Takes S3 events from the queue into the ledger, and starts the Glue workflow where files wait.

Events of the queue (`Records`, each an S3 notification) are registered at once; a message that can't be read is given
back to the queue as a partial batch failure, and all are if the ledger can't be written. Every other event is a
schedule's or a sweep's: it registers nothing, and the age of the oldest file that waits, and of each source's newest
one, become metrics. Environment: LEDGER_TABLE, LAKE (its name in the ledger), RAW (`s3://bucket/prefix/`),
WORKFLOW_NAME, ENVIRONMENT (dimension of the metrics).
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
from metriccare.lake.ledger import FileVersion, Ledger, open_ledger
from metriccare.lake.ledger.backlog import backlog_age, source_ages, waiting
from metriccare.lake.raw_files import is_input, of_object, why_refused
from metriccare.runtime import logs
from metriccare.runtime.metrics import Point, as_log_line
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
    failed, registered = list[str](), 0
    if "Records" in event:
        failed, registered = _register(ledger, event["Records"])
    else:
        _tell_ages(ledger, datetime.now(UTC))
    # What is new waits, so a large backlog, which takes seconds to count, is counted only where nothing is.
    waits = registered or waiting(ledger)
    started = _start() if waits or event.get("always") else ""
    if waits and not started and event.get("source") == OF_GLUE:
        raise WorkflowBusyError(f"{waits} files wait for {os.environ['WORKFLOW_NAME']}, which runs still.")
    log.info("register files", extra={"files": registered, "failed": len(failed), "waiting": waits})
    failures = [{"itemIdentifier": message} for message in failed]
    return {"batchItemFailures": failures, "registered": registered, "started": started}


def _register(ledger: Ledger, messages: list[dict[str, Any]]) -> tuple[list[str], int]:
    """Register the files of the messages; return the messages that must come again, and how many files were new."""
    failed, files = list[str](), list[FileVersion]()
    for message in messages:
        try:
            files += list(_versions(message))
        except (KeyError, ValueError) as error:
            failed.append(_given_back(message, error))
    try:
        return failed, ledger.register(files, datetime.now(UTC)) if files else 0
    except MetricCareError as error:
        return [_given_back(message, error) for message in messages], 0


def _given_back(message: dict[str, Any], error: Exception) -> str:
    fields = {"message_id": message.get("messageId"), "error": logs.error_name(error)}
    log.error("return message to queue", extra=fields)
    return str(message["messageId"])


def _versions(message: dict[str, Any]) -> Iterator[FileVersion]:
    """Yield the file versions of a message; a test event has none, and files that are not read are skipped."""
    raw = os.environ["RAW"].rstrip("/")
    for record in json.loads(message["body"]).get("Records", ()):
        stored, key = record["s3"]["object"], unquote_plus(record["s3"]["object"]["key"])
        url = f"s3://{record['s3']['bucket']['name']}/{key}"
        name = url.removeprefix(raw)
        if url.startswith(f"{raw}/") and is_input(name) and not why_refused(name):
            yield of_object(url, stored["size"], stored["eTag"]).as_version()


def _tell_ages(ledger: Ledger, now: datetime) -> None:
    """Print the metrics on waiting files and on sources: also when nothing comes, which is when they matter."""
    ages = source_ages(ledger, now)
    points = [Point("BacklogAgeSeconds", backlog_age(ledger, now))]
    points += [Point("FreshnessSeconds", age, source) for source, age in ages.items()]
    points += [Point("StalestSourceSeconds", max(ages.values()))] if ages else []
    for point in points:
        print(as_log_line(point, os.environ["ENVIRONMENT"], now))


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
