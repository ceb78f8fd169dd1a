"""Each `aws` command in documents, scripts and workflows is one that version 2 of AWS's command line takes."""

import os
import re
import shlex
import socket
import subprocess
from collections.abc import Callable
from functools import partial
from pathlib import Path

import botocore.session
import pytest
from botocore import xform_name
from tests.infra.aws_commands import commands, find_aws_cli
from tests.infra.terraform import ROOT
from tests.support.required import is_missing

PLACES = ("README.md", "CONTRIBUTING.md", "docs", "infra", "tools", ".github")
SUFFIXES = {".md", ".sh", ".yml"}
# What stands for something else in a document, and in a shell where nothing is set.
PLACEHOLDERS = {
    "<scripts>": "bucket",
    "the key": "s3://bucket/key",
    r"/tmp/first/json\S*": "docs",
    "plan.tar.gz": "LICENSE",
    " ARN": " arn:aws:sqs:us-east-1:1:q",
}
SENT = "Could not connect to the endpoint URL"
LOCAL = ("aws sso login", "aws configure ")  # about one's own machine: these send nothing to the endpoint

Ask = Callable[[str], str]


@pytest.fixture(scope="module")
def ask() -> Ask:
    """Return a function that gives a command to the CLI and returns what it says, where no AWS can be reached."""
    program = find_aws_cli()
    if program is None:
        is_missing("aws-cli", "version 2 of the AWS CLI is not installed (make aws-cli)")
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{closed.getsockname()[1]}"
    return partial(run, program, address)


def run(program: Path, address: str, command: str) -> str:
    for placeholder, value in PLACEHOLDERS.items():
        command = re.sub(placeholder, value, command)
    keys = dict.fromkeys(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"), "testing")
    own = {
        "AWS_REGION": "us-east-1",
        "AWS_MAX_ATTEMPTS": "1",
        "AWS_EC2_METADATA_DISABLED": "true",
        **{"name": "x", "STATE_BUCKET": "bucket", "KEY": "key"},
    }
    shell = f'aws() {{ "{program}" --endpoint-url {address} "$@"; }}; terraform() {{ echo s3://bucket/; }}; {command}'
    done = subprocess.run(
        ["bash", "-c", shell],
        env=os.environ | keys | own,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


def found_everywhere() -> dict[str, str]:
    """Return where each command stands."""
    files = [path for place in PLACES for path in [ROOT / place, *(ROOT / place).rglob("*")]]
    texts = {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
        for path in files
        if path.suffix in SUFFIXES and path.is_file() and ".terraform" not in path.parts
    }
    return {command: place for place, text in texts.items() for command in commands(text)}


@pytest.mark.long
def test_every_command_is_taken(ask: Ask) -> None:
    found = found_everywhere()
    assert {"docs/deploy.md", "docs/operations.md", "tools/wait_for_workflow.sh"} <= set(found.values())
    refused = {command: said for command in found if not is_taken(command, said := ask(command))}
    assert {command: said for command, said in refused.items() if not is_newer(command, said)} == {}


def is_taken(command: str, said: str) -> bool:
    return SENT in said or (
        command.startswith(LOCAL) and "Invalid choice" not in said and "usage:" not in said
    )


def is_newer(command: str, said: str) -> bool:
    """Tell whether a command is one of AWS that this CLI is too old for, with all its options."""
    _, service, operation, *rest = shlex.split(command)
    if "argument operation: Invalid choice" not in said:
        return False
    model = botocore.session.get_session().get_service_model(service)
    names = {xform_name(name, "-"): name for name in model.operation_names}
    members = model.operation_model(names[operation]).input_shape.members if operation in names else {}
    options = {part.removeprefix("--") for part in rest if part.startswith("--")}
    return operation in names and options <= {xform_name(member, "-") for member in members}


@pytest.mark.parametrize(
    "wrong",
    [
        "aws glue get-workflow-run --name x",
        "aws glue start-job-run --job-name x --options '{}'",
        "aws glue start-job-run --job-name x --arguments '{a: b}'",
        "aws lambda invoke --function-name x --payload '{\"always\": true}' out.json",  # as version 1 takes it
        "aws s3 cp --recursiv x s3://bucket/key",
        "aws dynamo describe-table --table-name x",
    ],
)
def test_a_wrong_command_is_found(ask: Ask, wrong: str) -> None:
    assert SENT not in ask(wrong)


def test_a_command_ends_where_a_shell_or_a_reader_sees_its_end() -> None:
    text = """
Look with `aws s3 ls KEY` or `aws sts get-caller-identity`: not aws-permissions, nor aws_sns.
n=$(aws glue get-jobs --query "length(Jobs[?a=='|'])" --output text) || exit
aws s3 cp \\
    --recursive here "$(terraform output -raw url)there/" && echo done
"""
    assert list(commands(text)) == [
        "aws s3 ls KEY",
        "aws sts get-caller-identity",
        "aws glue get-jobs --query \"length(Jobs[?a=='|'])\" --output text",
        'aws s3 cp      --recursive here "$(terraform output -raw url)there/"',
    ]
