"""The AWS CLI's commands in workflows, scripts and pages, as calls."""

import re
import shlex
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import botocore.session
from botocore import xform_name
from tests.infra.aws_commands import commands
from tests.infra.policies.calls import Call, Params

SERVICES = {"s3api": "s3"}
OPERATIONS_OF_S3 = {  # of the CLI's own commands on objects
    "cp": ("PutObject", "CreateMultipartUpload"),
    "ls": ("ListObjectsV2",),
}
# What a page leaves to its reader, or a script to a variable: a name of the right kind, by the option.
SAMPLES = {
    "bucket": "metriccare-raw-fhir-dev-123456789012",
    "key": "fhir_data/json/Patient.ndjson",
    "name": "metriccare_all_workflow_dev",
    "source-arn": "arn:aws:sqs:us-east-1:123456789012:metriccare_raw_dead_letters_dev",
}
LITERAL = re.compile(r"(metriccare[_-]|arn:)[\w:/-]+")


def calls_of(file: Path, principal: str) -> list[Call]:
    """Return the calls of all commands in a file."""
    words = (shlex.split(command)[1:] for command in commands(file.read_text(encoding="utf-8")))
    return [call for one in words if one[0] in _services() for call in _calls(one, principal)]


def _services() -> set[str]:
    return {*botocore.session.get_session().get_available_services(), *SERVICES}


def _calls(words: list[str], principal: str) -> Iterator[Call]:
    service, command, *options = words
    if service == "s3":
        place = next((_place(one) for one in options if one.startswith("s3://")), {})
        sample: Params = {name.capitalize(): SAMPLES[name] for name in ("bucket", "key")}
        yield from (Call(principal, "s3", name, place or sample) for name in OPERATIONS_OF_S3[command])
        return
    name = SERVICES.get(service, service)
    model = botocore.session.get_session().get_service_model(name)
    operation = next(one for one in model.operation_names if xform_name(one, "-") == command)
    yield Call(principal, name, operation, _params(model.operation_model(operation), options))


def _place(url: str) -> Params:
    bucket, _, key = url.removeprefix("s3://").partition("/")
    return {"Bucket": bucket, "Key": key} if re.fullmatch(r"[\w./-]+", bucket + key) else {}


def _params(operation: Any, options: list[str]) -> Params:
    """Return the parameters that name something: as the options do, or a sample where they leave it open."""
    by_option = {xform_name(member, "-"): member for member in operation.input_shape.members}
    given = {
        by_option[option[2:]]: value
        for option, value in pairwise(options)
        if option[2:] in by_option and LITERAL.fullmatch(value)
    }
    needed = {xform_name(member, "-"): member for member in operation.input_shape.required_members}
    return {member: SAMPLES[option] for option, member in needed.items() if option in SAMPLES} | given
