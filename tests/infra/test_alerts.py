"""Alarms and dashboard name metrics that are published, and a chat channel gets messages that it takes."""

import json
import re
from typing import Any

from moto.events.models import EventPattern, EventTemplateParser
from tests.infra.terraform import ROOT
from tests.support.chat import taken

from metriccare.runtime.metrics import ENVIRONMENT, METRICS, NAMESPACE, SOURCE

MODULES = ROOT / "infra" / "modules"
MONITORING = {path.name: path.read_text() for path in (MODULES / "monitoring").glob("*.tf")}
EVENTS = (MODULES / "event_bridge" / "main.tf").read_text()
# Of AWS itself: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html,
# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html,
# https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
OF_AWS = {
    ("AWS/Events", "TriggeredRules", "RuleName"),
    ("AWS/SQS", "ApproximateAgeOfOldestMessage", "QueueName"),
    ("AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName"),
    ("AWS/Lambda", "Invocations", "FunctionName"),
    ("AWS/Lambda", "Errors", "FunctionName"),
}


def alarms() -> list[tuple[str, str, set[str]]]:
    """Return namespace, name and dimensions of each alarm's metric."""
    blocks = re.findall(r'resource "aws_cloudwatch_metric_alarm".*?\n}', MONITORING["main.tf"], re.DOTALL)
    found = []
    for block in blocks:
        values = dict(re.findall(r"^  (namespace|metric_name|dimensions) += (.+)$", block, re.MULTILINE))
        dimensions = set(re.findall(r"(\w+) =", values["dimensions"]))
        namespace = values["namespace"].replace("var.metric_namespace", f'"{NAMESPACE}"')
        found.append((namespace.strip('"'), values["metric_name"].strip('"'), dimensions))
    assert len(found) == len(blocks) == 7
    return found


def test_the_metrics_of_our_own_are_those_that_are_published() -> None:
    [listed] = re.findall(r"  own = \{\n(.*?)\n  \}", MONITORING["metrics.tf"], re.DOTALL)
    declared = {name: tuple(json.loads(more)) for name, more in re.findall(r"(\w+) += (\[.*\])", listed)}
    assert declared == {name: more for name, (_, more) in METRICS.items()}
    assert f"{{${{var.metric_namespace}},{ENVIRONMENT},{SOURCE}}}" in MONITORING["metrics.tf"]


def test_each_alarm_looks_at_a_metric_that_exists() -> None:
    for namespace, name, dimensions in alarms():
        if namespace == NAMESPACE:
            assert dimensions == {ENVIRONMENT, *METRICS[name][1]}
        else:
            assert (namespace, name, *dimensions) in OF_AWS


def test_each_widget_shows_metrics_that_exist() -> None:
    """Our own are taken from the list; what is written out is AWS's."""
    text = MONITORING["dashboard.tf"]
    written = set(re.findall(r'\["([\w/]+)", "(\w+)", "(\w+)",', text))
    assert len(written) == len(OF_AWS)
    assert written == OF_AWS
    own = set(re.findall(r'of_lake\["(\w+)"\]', text)) | set(re.findall(r'\w = "(Job\w+)"', text))
    assert own | {"FreshnessSeconds"} == set(METRICS)


def told_in_chat(detail: dict[str, str], **values: str) -> str:
    """Return what EventBridge sends to the channel's topic for an event."""
    template = (MODULES / "event_bridge" / "chat_message.json.tftpl").read_text()
    for name in re.findall(r"\$\{(\w+)\}", template):
        template = template.replace(f"${{{name}}}", values[name])
    [told] = re.findall(r"  told = \{\n(.*?)\n  \}", EVENTS, re.DOTALL)
    paths = dict(re.findall(r'(\w+) += "(.+)"', told))
    event = {"time": "2026-11-01T12:00:00Z", "ingestion-time": "", "detail": detail}
    made: Any = EventTemplateParser.parse(input_template=template, input_paths_map=paths, event=event)
    return made if isinstance(made, str) else json.dumps(made)


def test_a_chat_channel_takes_what_it_is_told_of_a_failure() -> None:
    message = 'ValueError: "Jane Doe" is no {"name"}\n<job> \\'
    detail = {"jobName": "bronze", "jobRunId": "jr_1", "state": "FAILED", "message": message}
    content = taken(
        told_in_chat(detail, environment="dev", next="Again. ", log_link="https://x/<job>$3F<run>")
    )
    assert content["title"] == "MetricCare dev: the job bronze ended as FAILED"
    assert content["description"] == "At 2026-11-01T12:00:00Z, run jr_1. Again. Log: https://x/bronze$3Fjr_1"
    assert "Jane" not in str(content)


def test_a_failure_is_told_once_whatever_retries_follow() -> None:
    [text] = re.findall(r"jobRunId += (\[.*\])", EVENTS)
    pattern = EventPattern.load(
        json.dumps({"detail": {"jobRunId": json.loads(re.sub(r'(\w+"?) = ', _key, text))}})
    )
    told = [id for id in ("jr_1", "jr_1_attempt_1", "jr_1_attempt_10") if matches(pattern, id)]
    assert told == ["jr_1"]


def _key(found: re.Match[str]) -> str:
    name = found[1]
    return f"{name}: " if name.endswith('"') else f'"{name}": '


def matches(pattern: EventPattern, run_id: str) -> bool:
    return bool(pattern.matches_event({"detail": {"jobRunId": run_id}}))
