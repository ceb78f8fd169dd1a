"""The workflow engine of Glue, which moto lacks: starts the jobs of a running workflow, one after the other.

Works inside the process of the moto server, since moto has no request that sets the state of a run.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from moto.core import DEFAULT_ACCOUNT_ID
from moto.core.utils import utcnow
from moto.glue.exceptions import ConcurrentRunsExceededException
from moto.glue.models import FakeWorkflow, glue_backends
from moto.moto_api import state_manager

Arguments = dict[str, str]
Execute = Callable[[str, Arguments], None]  # raises if the job fails
STARTING = ("ON_DEMAND", "SCHEDULED", "EVENT")


class Engine:
    """Runs workflows.

    Args:
        execute: runs a job, given its name and all its arguments.
        region: of the workflows.
    """

    def __init__(self, execute: Execute, region: str = "us-east-1") -> None:
        self._execute = execute
        self._backend = glue_backends[DEFAULT_ACCOUNT_ID][region]
        self._glue, self._events = boto3.client("glue"), boto3.client("events")

    def run_all(self, extra: dict[str, Arguments] | None = None) -> list[dict[str, str]]:
        """Run every workflow run that waits to its end; return the states of the jobs of each.

        Args:
            extra: further arguments of a job, by its name.
        """
        waiting = [
            (workflow, run)
            for workflow in self._backend.workflows.values()
            for run in workflow.runs.values()
            if run.status == "RUNNING"
        ]
        return [self._run(workflow.name, run, extra or {}) for workflow, run in waiting]

    def _run(self, workflow: str, run: Any, extra: dict[str, Arguments]) -> dict[str, str]:
        states: dict[str, str] = {}
        for job in self._jobs(workflow, states):
            given = {"--WORKFLOW_NAME": workflow, "--WORKFLOW_RUN_ID": run.run_id, **extra.get(job, {})}
            states[job] = self._run_job(job, given)
        run.status, run.completed_on = "COMPLETED", utcnow()  # on AWS too, also when a job failed
        return states

    def _jobs(self, workflow: str, states: dict[str, str]) -> Iterator[str]:
        """Yield the jobs whose triggers fire, as the states come in."""
        triggers = [one for one in self._backend.triggers.values() if one.workflow_name == workflow]
        for trigger in triggers:
            if trigger.trigger_type in STARTING:
                yield from _actions(trigger)
        while True:
            fired = [job for trigger in triggers if _fires(trigger, states) for job in _actions(trigger)]
            new = [job for job in fired if job not in states]
            if not new:
                return
            yield from new

    def _run_job(self, name: str, given: Arguments) -> str:
        job = self._backend.get_job(name)
        run_id = self._glue.start_job_run(JobName=name, Arguments=given)["JobRunId"]
        run = next(one for one in job.job_runs if one.job_run_id == run_id)
        run.status = "RUNNING"
        try:
            self._execute(name, {**job.default_arguments, **given})
            run.status, message = "SUCCEEDED", ""
        except AssertionError as error:
            run.status, message = "FAILED", str(error)
            print(message)  # pytest shows it where a test expected another state
        self._tell(name, run_id, run.status, message)
        return str(run.status)

    def _tell(self, job: str, run_id: str, state: str, message: str) -> None:
        detail = {"jobName": job, "jobRunId": run_id, "state": state, "message": message}
        event = {"Source": "aws.glue", "DetailType": "Glue Job State Change", "Detail": json.dumps(detail)}
        self._events.put_events(Entries=[event])


def repair(patch: pytest.MonkeyPatch) -> None:
    """Let a workflow refuse a second run, and a job's run end only when it is told to."""
    original = FakeWorkflow.start_run

    def start_run(self: FakeWorkflow, properties: Any) -> Any:
        running = sum(run.status == "RUNNING" for run in self.runs.values())
        if self.max_concurrent_runs and running >= int(self.max_concurrent_runs):
            raise ConcurrentRunsExceededException(f"Workflow {self.name} runs already")
        return original(self, properties)

    patch.setattr(FakeWorkflow, "start_run", start_run)
    state_manager.set_transition("glue::job_run", {"progression": "manual", "times": 10**9})


def _actions(trigger: Any) -> list[str]:
    return [action.as_dict()["JobName"] for action in trigger.actions]


def _fires(trigger: Any, states: dict[str, str]) -> bool:
    if trigger.trigger_type != "CONDITIONAL" or trigger.state != "ACTIVATED":
        return False
    conditions = trigger.predicate.as_dict()["Conditions"]
    return all(states.get(one["JobName"]) == one["State"] for one in conditions)
