"""What a Glue session on an account is given, as the newest deployment there has it.

The definition of a job names the wheels, the lake and the ledger: nobody copies a location by hand, and a session runs
the same code as the jobs.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from metriccare.errors import EndpointError
from metriccare.runtime import aws
from metriccare.runtime.aws_errors import code_of, explain
from metriccare.runtime.glue_sessions.glue_arguments import MODULES

WORKERS, IDLE_MINUTES = 2, 30  # for notebooks that say nothing; Glue's own defaults are 5, and two days
_ABSENT = frozenset(("EntityNotFoundException", "NoSuchEntity", "404", "NoSuchKey", "NoSuchBucket"))


@dataclass(frozen=True)
class AccountSettings:
    """What sessions of one environment are given.

    Attributes:
        kernel: environment variables from which the Glue kernel takes a session's settings.
        parameters: locations, by the names of the notebooks' parameters.
    """

    kernel: Mapping[str, str]
    parameters: Mapping[str, str]


def find_settings(profile: str, environment: str, role: str = "", modules: str = "") -> AccountSettings:
    """Return the settings of an environment, after looking whether all that they name exists.

    Args:
        profile: AWS profile, which the kernel uses too; must be `AWS_PROFILE` of this process.
        environment: dev or prod.
        role: name or ARN of the sessions' role; empty: that of the stack.
        modules: Python modules, comma-separated; empty: those of the jobs.

    Raises:
        EndpointError: there are no credentials or rights, or no job, role or wheel.
    """
    gold, bronze = (_job(f"metriccare_{layer}_job_{environment}") for layer in ("gold", "bronze"))
    arguments, wheels = gold["DefaultArguments"], modules or gold["DefaultArguments"].get(MODULES, "")
    _require_wheels(wheels, gold["Name"])
    kernel = {
        "AWS_PROFILE": profile,
        "AWS_REGION": _client("glue").meta.region_name,
        "glue_profile": profile,
        "glue_role_arn": _role(role or f"metriccare_gold_sessions_{environment}"),
        "glue_additional_python_modules": wheels,
        "glue_security_config": gold.get("SecurityConfiguration", ""),
        "glue_version": gold.get("GlueVersion", ""),
        "glue_worker_type": gold.get("WorkerType", ""),
        "glue_number_of_workers": str(WORKERS),
        "glue_idle_timeout": str(IDLE_MINUTES),
        "glue_tags": json.dumps({"Project": "metriccare", "Environment": environment}),
    }
    places = {
        "lake": arguments.get("--lake"),
        "ledger_url": arguments.get("--ledger_url"),
        "raw": bronze["DefaultArguments"].get("--raw"),
    }
    return AccountSettings(
        {name: value for name, value in kernel.items() if value},
        {name: value for name, value in places.items() if value},
    )


def _job(name: str) -> dict[str, Any]:
    absent = (
        f"There is no Glue job {name} in this account and region: deploy the stack (docs/deploy.md), or check "
        "--environment, --profile and AWS_REGION."
    )
    with _translate_errors(f"The Glue job {name}", "glue", absent):
        found: dict[str, Any] = _client("glue").get_job(JobName=name)["Job"]
    return found


def _role(name_or_arn: str) -> str:
    name = name_or_arn.rpartition("/")[2]
    absent = f"There is no role {name} for sessions: apply the stack of this version, or name another one with --role."
    with _translate_errors(f"The role {name}", "iam", absent):
        return str(_client("iam").get_role(RoleName=name)["Role"]["Arn"])


def _require_wheels(modules: str, job: str) -> None:
    """Make sure that the files among the modules exist, and that there is one."""
    files = [module.strip() for module in modules.split(",") if module.strip().startswith("s3://")]
    if not files:
        raise EndpointError(
            f"The job {job} installs no wheel from S3, so a session could not import metriccare: apply the stack of"
            " this version, or name the file with --modules s3://BUCKET/NAME.gluewheels.zip."
        )
    for file in files:
        absent = (
            f"There is no {file}, which should hold the wheels: run `make package` and apply the stack, or name "
            "another file with --modules."
        )
        parts = urlsplit(file)
        with _translate_errors(file, "s3", absent):
            _client("s3").head_object(Bucket=parts.netloc, Key=parts.path.lstrip("/"))


def _client(service: str) -> Any:
    return aws.session().client(service)


@contextmanager
def _translate_errors(what: str, service: str, absent: str) -> Iterator[None]:
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except (BotoCoreError, ClientError) as error:
        if isinstance(error, ClientError) and code_of(error) in _ABSENT:
            raise EndpointError(absent) from error
        raise EndpointError(explain(error, what, service)) from error
