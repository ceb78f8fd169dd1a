"""AWS as moto's server plays it in this process, with the repairs that Terraform and the pipeline need.

By hand: `python -m tests.aws.moto_server 5004`, then `AWS_ENDPOINT_URL=http://127.0.0.1:5004`.
"""

import json
import logging
import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from moto.athena.responses import AthenaResponse
from moto.events.models import EventTemplateParser, Rule
from moto.glue.responses import GlueResponse
from moto.iam.access_control import IAMPolicy
from moto.moto_server import threaded_moto_server
from moto.moto_server.threaded_moto_server import ThreadedMotoServer
from moto.s3.models import FakeDeleteMarker, FakeKey
from moto.server import DomainDispatcherApplication
from moto.sns.models import sns_backends
from moto.sqs.models import Queue
from tests.aws import moto_dynamodb
from tests.infra.policies.calls import Recorder

FunctionCall = tuple[str, dict[str, Any]]  # ARN of a function, and the event it was called with
CALLS: list[FunctionCall] = []  # what EventBridge would have called; moto would need docker
REQUESTS = Recorder()  # what came in, by the access key that signed it


@contextmanager
def serving(port: int = 0) -> Iterator[str]:
    """Start the server on a port of loopback (0: a free one); give its address."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # it logs every request
    CALLS.clear()
    REQUESTS.calls.clear()
    with pytest.MonkeyPatch.context() as patch:
        repair(patch)
        server = ThreadedMotoServer(ip_address="127.0.0.1", port=port, verbose=False)
        server.start()
        try:
            host, taken = server.get_host_and_port()
            yield f"http://{host}:{taken}"
        finally:
            server.stop()


def repair(patch: pytest.MonkeyPatch) -> None:
    """Repair moto for as long as `patch` lives."""
    patch.setattr(threaded_moto_server, "DomainDispatcherApplication", Application)
    moto_dynamodb.repair(patch)
    patch.setattr(IAMPolicy, "is_action_permitted", _permitted(IAMPolicy.is_action_permitted))
    patch.setattr(Queue, "attributes", property(_shown(Queue.attributes.fget)))
    patch.setattr(Queue, "redrive_allow_policy", "", raising=False)
    patch.setattr(Queue, "KMS_ATTRIBUTES", [*Queue.KMS_ATTRIBUTES, "RedriveAllowPolicy"])
    patch.setattr(Queue, "_set_attributes", _kept(Queue._set_attributes))
    patch.setattr(Rule, "send_to_targets", _sent(Rule.send_to_targets))
    patch.setattr(
        FakeDeleteMarker, "dispose", _nothing, raising=False
    )  # which moto calls as if it were an object
    for listed in (FakeKey, FakeDeleteMarker):
        patch.setattr(listed, "__deepcopy__", _itself, raising=False)
    for answer, name, absent in (
        (AthenaResponse, "delete_named_query", _delete_named_query),
        (AthenaResponse, "update_work_group", _update_work_group),
        (GlueResponse, "update_job", _update_job),
        (GlueResponse, "update_trigger", _update_trigger),
    ):
        if not hasattr(answer, name):
            patch.setattr(answer, name, absent, raising=False)


class Application(DomainDispatcherApplication):
    """Records requests, and answers DynamoDB's one after the other: moto's writes are not atomic between threads."""

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        REQUESTS.record(environ)
        if environ.get("HTTP_X_AMZ_TARGET", "").startswith("DynamoDB"):
            with moto_dynamodb.in_turn():
                return super().__call__(environ, start_response)
        return super().__call__(environ, start_response)


def _nothing(_: FakeDeleteMarker) -> None:
    """Do nothing: a delete marker holds no bytes."""


def _itself(self: Any, _: dict[int, Any]) -> Any:
    """Return the object: a listing of versions copies all of a bucket with its content, 21 GB for a small lake."""
    return self


def _permitted(original: Any) -> Any:
    """Leave refusals under a condition out: moto ignores conditions, so that "not without TLS" would refuse all."""

    def is_action_permitted(self: IAMPolicy, *request: Any, **options: Any) -> Any:
        policy = json.loads(json.dumps(self._policy_json))
        policy["Statement"] = [
            each for each in policy["Statement"] if not (each.get("Effect") == "Deny" and "Condition" in each)
        ]
        without = object.__new__(type(self))
        without._policy_json = policy
        return original(without, *request, **options)

    return is_action_permitted


def _shown(original: Any) -> Any:
    """Give back both redrive policies as SQS does, without blanks: Terraform would see a change, or wait for ever."""

    def attributes(self: Queue) -> Any:
        found = original(self)
        for name in ("RedrivePolicy", "RedriveAllowPolicy"):
            if text := found.pop(name, None):
                found[name] = json.dumps(json.loads(text), separators=(",", ":"))
        return found

    return attributes


def _kept(original: Any) -> Any:
    """Keep a queue's policy when other attributes are set."""

    def set_attributes(self: Queue, attributes: dict[str, Any], now: float | None = None) -> None:
        kept = {"Policy": self.policy} if hasattr(self, "_policy_json") else {}
        original(self, kept | attributes, now)

    return set_attributes


def _sent(original: Any) -> Any:
    """Send events to topics and functions too; moto knows neither, and gives events to rules by the clock."""

    def send_to_targets(self: Rule, original_event: Any, transform_input: bool = True) -> None:
        pattern = self.event_pattern
        if self.state != "ENABLED" or not pattern.get_pattern() or not pattern.matches_event(original_event):
            return
        targets, others = self.targets, []
        for target in targets:
            if target["Arn"].split(":")[2] in ("sns", "lambda"):
                _send(target, original_event)
            else:
                others.append(target)
        self.targets = others
        try:
            original(self, original_event, transform_input)
        finally:
            self.targets = targets

    return send_to_targets


def _send(target: dict[str, Any], event: dict[str, Any]) -> None:
    transformer = target.get("InputTransformer", {})
    made = EventTemplateParser.parse(
        input_template=transformer.get("InputTemplate"),
        input_paths_map=transformer.get("InputPathsMap", {}),
        event={**event, "ingestion-time": event.get("time")},
    )
    arn = target["Arn"]
    _, _, service, region, account, *_ = arn.split(":")
    if service == "sns":
        message = made if isinstance(made, str) else json.dumps(made, default=str)
        sns_backends[account][region].publish(message=message, arn=arn)
    else:
        CALLS.append((arn, json.loads(json.dumps(made, default=str))))


def _delete_named_query(self: AthenaResponse) -> str:
    """Athena DeleteNamedQuery, absent in moto 5.2."""
    self.athena_backend.named_queries.pop(self._get_param("NamedQueryId"), None)
    return "{}"


def _update_work_group(self: AthenaResponse) -> str:
    """Athena UpdateWorkGroup, absent in moto 5.2; only the description can change."""
    group = self.athena_backend.work_groups[self._get_param("WorkGroup")]
    group.description = self._get_param("Description") or group.description
    return "{}"


def _update_job(self: GlueResponse) -> str:
    """Glue UpdateJob, absent in moto 5.2."""
    name = self.parameters["JobName"]
    job = self.glue_backend.get_job(name)
    for key, value in self.parameters["JobUpdate"].items():
        setattr(job, _snake(key), value)
    return json.dumps({"JobName": name})


def _update_trigger(self: GlueResponse) -> str:
    """Glue UpdateTrigger, absent in moto 5.2."""
    trigger = self.glue_backend.get_trigger(self.parameters["Name"])
    update = self.parameters["TriggerUpdate"]
    for key in {"Description", "Schedule"}.intersection(update):
        setattr(trigger, _snake(key), update[key])
    return json.dumps({"Trigger": trigger.as_dict()})


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


if __name__ == "__main__":
    with serving(int(sys.argv[1])) as address:
        print(address, flush=True)
        threading.Event().wait()
