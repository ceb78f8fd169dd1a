"""The AWS CLI's commands in workflows, scripts and pages, as calls."""

import re
import shlex
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import botocore.session
from botocore import xform_name
from tests.infra.aws_commands import commands
from tests.infra.policies.calls import Call, Params

SERVICES = {"s3api": "s3"}
WRITING, READING, LISTING = (
    ("PutObject", "CreateMultipartUpload"),
    ("HeadObject", "GetObject"),
    ("ListObjectsV2",),
)
# What a page leaves to its reader, or a script to a variable: a name of the right kind, by the option.
SAMPLES = {
    "bucket": "metriccare-raw-fhir-{}-123456789012",
    "key": "fhir_data/json/Patient.ndjson",
    "name": "metriccare_all_workflow_{}",
    "source-arn": "arn:aws:sqs:us-east-1:123456789012:metriccare_raw_dead_letters_{}",
}
VARIABLES = {"$STATE_BUCKET": "metriccare-all-state-123456789012", "$KEY": "plans/{}/1"}
LITERAL = re.compile(r"(metriccare[_-]|arn:)[\w:/-]+")


def calls_of(text: str, principal: str) -> list[Call]:
    """Return the calls of all commands in a text, by a principal whose name ends in its environment."""
    words = (shlex.split(command)[1:] for command in commands(text))
    return [call for one in words if one[0] in _services() for call in _calls(one, principal)]


def _services() -> set[str]:
    return {*botocore.session.get_session().get_available_services(), *SERVICES}


def _calls(words: list[str], principal: str) -> Iterator[Call]:
    service, command, *options = words
    if service == "configure" or [service, command] == ["sso", "login"]:
        return  # about one's own machine
    environment = principal.rpartition("_")[2]
    if service == "s3":
        yield from (
            Call(principal, "s3", name, _place(options, environment)) for name in _of_s3(command, options)
        )
        return
    name = SERVICES.get(service, service)
    model = botocore.session.get_session().get_service_model(name)
    (operation,) = [one for one in model.operation_names if xform_name(one, "-") == command]
    yield Call(principal, name, operation, _params(model.operation_model(operation), options, environment))


def _of_s3(command: str, options: list[str]) -> tuple[str, ...]:
    """Return the operations of the CLI's own commands: of `cp`, by which of its two places is first."""
    if command == "ls":
        return LISTING
    assert command == "cp", command
    first = next(one for one in options if not one.startswith("-"))
    return READING if first.startswith("s3://") else WRITING


def _place(options: list[str], environment: str) -> Params:
    url = next((one for one in options if one.startswith("s3://")), "")
    for name, value in VARIABLES.items():
        url = url.replace(name, value.format(environment))
    bucket, _, key = url.removeprefix("s3://").partition("/")
    if bucket and re.fullmatch(r"[\w./-]+", bucket + key):
        return {"Bucket": bucket, "Key": key}
    return {name.capitalize(): SAMPLES[name].format(environment) for name in ("bucket", "key")}


def _params(operation: Any, options: list[str], environment: str) -> Params:
    """Return the parameters that name something: as the options do, or a sample where they leave it open."""
    by_option = {xform_name(member, "-"): member for member in operation.input_shape.members}
    given = {
        by_option[option[2:]]: value
        for option, value in pairwise(options)
        if option[2:] in by_option and LITERAL.fullmatch(value)
    }
    needed = {xform_name(member, "-"): member for member in operation.input_shape.required_members}
    samples = {
        member: SAMPLES[option].format(environment) for option, member in needed.items() if option in SAMPLES
    }
    return samples | given
