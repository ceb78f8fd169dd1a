"""The arguments of a Glue job: `--NAME value` pairs from the job definition, the workflow and Glue itself."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import pairwise

from metriccare.definitions.validation import check_share
from metriccare.errors import ParameterError

ENGINES = ("papermill", "in_process")
_WORKFLOW, _RUN, _JOB_RUN = "WORKFLOW_NAME", "WORKFLOW_RUN_ID", "JOB_RUN_ID"
_ATTEMPT = re.compile(r"_attempt_\d+$")  # what Glue adds to the id of a job's run when it tries again
_SET_HERE = frozenset(("is_sole", "workflow"))
_OF_GLUE = frozenset(("conf", "jars", "class"))  # like all names with a dash or a capital letter


@dataclass(frozen=True)
class Arguments:
    """The arguments that a job takes.

    Attributes:
        notebook: location of the notebook, on S3 or disk.
        lake: location of the lake.
        raw: location of the raw folder; for bronze.
        ledger_url: `dynamodb://<table>?lake=<name>`.
        run_id: the id of the workflow run, the same in all its jobs; without a workflow, the given id, else that of the
            job's run, the same in all its attempts.
        is_sole: the id is Glue's, whose attempts follow one another: what another machine holds for it is left over.
        workflow: name of the workflow; empty for a job that was started on its own.
        environment: dev or prod, the dimension of the metrics; empty publishes no metrics.
        sns_topic: ARN of the topic that is told of a success in plain text; empty for none.
        slack_topic: ARN of the topic that is told of it as a chat takes it; empty for none.
        freshness_hours: the message names each source that has sent nothing for longer.
        catalog_database: database of the Glue Catalog to which the layer's tables are synced; empty for none.
        engine: `papermill` runs the cells in a separate kernel, `in_process` in the driver's process.
        as_of: parameter of 04_gold.
        timezone: parameter of 03_silver.
        config: parameter of 03_silver and 04_gold.
        full_refresh: parameter of 03_silver and 04_gold.
        max_quarantined: parameter of 03_silver.
    """

    notebook: str
    lake: str
    raw: str = ""
    ledger_url: str = ""
    run_id: str = ""
    is_sole: bool = False
    workflow: str = ""
    environment: str = ""
    sns_topic: str = ""
    slack_topic: str = ""
    freshness_hours: float = 48.0
    catalog_database: str = ""
    engine: str = ENGINES[0]
    as_of: str = ""
    timezone: str = ""
    config: str = ""
    full_refresh: bool = False
    max_quarantined: float = 1.0


def parse(given: Sequence[str]) -> Arguments:
    """Return the arguments of a job.

    Args:
        given: as in `sys.argv[1:]`. Arguments that Glue adds are ignored; any other unknown one is an error.

    Raises:
        ParameterError: a name is unknown or missing, or a value is not allowed.
    """
    pairs = _pairs(given)
    own = {name: value for name, value in pairs.items() if not _is_of_glue(name)}
    known = [one.name for one in fields(Arguments) if one.name not in _SET_HERE]
    unknown = [name for name in own if name not in known]
    missing = [name for name in ("notebook", "lake") if not own.get(name)]
    if unknown or missing:
        what = f"has the unknown argument --{unknown[0]}" if unknown else f"has no argument --{missing[0]}"
        raise ParameterError(f"The job {what}; it takes {', '.join(f'--{name}' for name in known)}.")
    engine, refresh = own.pop("engine", ENGINES[0]), own.pop("full_refresh", "false")
    _check("engine", engine, ENGINES)
    _check("full_refresh", refresh, ("true", "false"))
    share = _share(own.pop("max_quarantined", "1"))
    hours = _hours(own.pop("freshness_hours", "48"))
    of_glue, given_id = pairs.get(_RUN, ""), own.pop("run_id", "")
    if not (of_glue or given_id):
        of_glue = _ATTEMPT.sub("", pairs.get(_JOB_RUN, ""))
    return Arguments(
        **own,
        run_id=of_glue or given_id,
        is_sole=bool(of_glue),
        workflow=pairs.get(_WORKFLOW, ""),
        engine=engine,
        full_refresh=refresh == "true",
        max_quarantined=share,
        freshness_hours=hours,
    )


def _pairs(given: Sequence[str]) -> Mapping[str, str]:
    """Return the value after each name; a name followed by another name is a flag of Glue without a value."""
    return {
        name.removeprefix("--"): "" if value.startswith("--") else value
        for name, value in pairwise([*given, "--"])
        if name.startswith("--")
    }


def _is_of_glue(name: str) -> bool:
    return "-" in name or name != name.lower() or name in _OF_GLUE


def _share(value: str) -> float:
    try:
        return check_share(float(value))
    except ValueError as error:
        raise ParameterError(f"--max_quarantined is {value!r}: expected a number from 0 to 1.") from error


def _hours(value: str) -> float:
    try:
        hours = float(value)
    except ValueError:
        hours = 0.0
    if not 0 < hours < float("inf"):
        raise ParameterError(f"--freshness_hours is {value!r}: expected a number of hours above 0, e.g. 48.")
    return hours


def _check(name: str, value: str, allowed: Sequence[str]) -> None:
    if value not in allowed:
        raise ParameterError(f"--{name} is {value!r}: expected {' or '.join(allowed)}.")
