"""Whether a session's settings would work on AWS; those that would not are refused here too.

The limits are those of CreateSession (https://docs.aws.amazon.com/glue/latest/webapi/API_CreateSession.html), and of
the package: its wheels are for the Python of Glue 5. botocore's model has been checked before.
"""

from collections.abc import Iterator
from typing import Any

from metriccare.runtime.glue_sessions.account import Account
from metriccare.runtime.glue_sessions.api_error import INVALID, NOT_SUPPORTED, GlueApiError
from metriccare.runtime.glue_sessions.glue_arguments import argument_problems
from metriccare.runtime.glue_sessions.python_modules import module_problems

# Glue versions whose sessions exist, with their Python.
PYTHON = {"3.0": "3.7", "4.0": "3.10", "5.0": "3.11", "5.1": "3.11"}
NEEDED_PYTHON = "3.11"
WORKERS = ("G.1X", "G.2X", "G.4X", "G.8X", "G.12X", "G.16X", "R.1X", "R.2X", "R.4X", "R.8X")
STREAMING_WORKERS = ("G.025X",)
ETL, STREAMING = "glueetl", "gluestreaming"
FEWEST_WORKERS = 2  # the driver takes one
MOST_MINUTES = 7 * 24 * 60


def check_settings(settings: dict[str, Any], account: Account) -> None:
    """Refuse a session that would not start on AWS, or in which the notebooks would not run.

    Args:
        settings: the request of CreateSession with the service's defaults.
        account: what the request may name.

    Raises:
        GlueApiError: with a sentence for each problem.
    """
    if settings["SessionType"] != "LIVY":
        raise GlueApiError(
            NOT_SUPPORTED, f"Sessions of type {settings['SessionType']} are not supported here"
        )
    found = list(_problems(settings, account))
    if found:
        raise GlueApiError(INVALID, " ".join(found))


def _problems(settings: dict[str, Any], account: Account) -> Iterator[str]:
    arguments = settings.get("DefaultArguments", {})
    if settings["Role"] not in account.roles:
        yield (
            f"Role {settings['Role']} should be given assume role permissions for Glue Service: set glue_role_arn, or "
            "use %iam_role, to name the sessions' role."
        )
    yield from _version_problems(settings["GlueVersion"])
    yield from _worker_problems(settings)
    yield from _command_problems(settings["Command"])
    for name in ("IdleTimeout", "Timeout"):
        if settings.get(name, 0) > MOST_MINUTES:
            yield f"{name} is {settings[name]} minutes; a session may last {MOST_MINUTES}, seven days."
    yield from argument_problems(arguments)
    yield from module_problems(arguments, account)


def _version_problems(version: str) -> Iterator[str]:
    if version not in PYTHON:
        yield f"Glue version {version} is not supported; use %glue_version 5.0."
    elif PYTHON[version] != NEEDED_PYTHON:
        yield (
            f"Glue {version} has Python {PYTHON[version]}, and MetricCare needs {NEEDED_PYTHON}: use %glue_version 5.0."
        )


def _worker_problems(settings: dict[str, Any]) -> Iterator[str]:
    workers, number = settings.get("WorkerType"), settings.get("NumberOfWorkers")
    if "MaxCapacity" in settings and (workers or number):
        yield "Please set either MaxCapacity, or WorkerType and NumberOfWorkers."
    is_streaming = settings["Command"].get("Name") == STREAMING
    taken = WORKERS + (STREAMING_WORKERS if is_streaming else ())
    if workers and workers not in taken:
        yield f"Workers of type {workers} are not for Spark sessions; use one of {', '.join(taken)}."
    if number is not None and number < FEWEST_WORKERS:
        yield f"NumberOfWorkers is {number}; a session has at least {FEWEST_WORKERS}."
    if settings.get("MaxCapacity", FEWEST_WORKERS) < FEWEST_WORKERS:
        yield f"MaxCapacity is {settings['MaxCapacity']}; a session has at least {FEWEST_WORKERS} DPUs."


def _command_problems(command: dict[str, str]) -> Iterator[str]:
    if command.get("Name") not in (ETL, STREAMING):
        yield f"Command {command.get('Name')} is no Spark session; use {ETL} or {STREAMING}."
    if command.get("PythonVersion", "3") != "3":
        yield f"PythonVersion is {command['PythonVersion']}; a session has 3."
