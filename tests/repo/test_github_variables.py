"""Each Terraform variable that a person may set reaches Terraform from GitHub, and only as it was set."""

import json
import re
from pathlib import Path

import pytest
import yaml
from tools.github_variables import VariableError, settable, terraform_variables

# Built by the workflow from the commit that it deploys.
NOT_FROM_GITHUB = {"python_modules", "lambda_archive"}


def test_every_variable_of_the_stack_can_be_set_on_github_but_what_is_built(root: Path) -> None:
    declared = re.findall(r'^variable "(\w+)"', (root / "infra/variables.tf").read_text(), re.MULTILINE)
    assert len(declared) > 20
    assert settable() == set(declared) - NOT_FROM_GITHUB


def test_every_job_that_runs_terraform_is_given_githubs_variables_and_no_others(root: Path) -> None:
    jobs = yaml.safe_load((root / ".github/workflows/ci-cd.yml").read_text())["jobs"]
    with_stack = {
        name: [one for one in job["steps"] if one.get("uses") == "./.github/actions/stack"]
        for name, job in jobs.items()
    }
    assert {name for name, found in with_stack.items() if found} == {
        *("plan", "apply-dev", "plan-prod", "apply-prod", "destroy")
    }
    for name, steps in with_stack.items():
        for step in steps:
            assert step["with"]["variables"] == "${{ toJSON(vars) }}", name
    assert "TF_VAR_" not in json.dumps([job.get("env", {}) for job in jobs.values()])
    assert not [
        (name, step)
        for name, job in jobs.items()
        for step in job["steps"]
        if any(variable.startswith("TF_VAR_") for variable in step.get("env", {}))
    ]


def test_a_variable_of_one_environment_wins_there_and_is_not_seen_elsewhere() -> None:
    on_github = {"TF_VAR_MAX_WORKERS": "4", "TF_VAR_MAX_WORKERS_PROD": "20", "STATE_BUCKET": "b"}
    assert terraform_variables(on_github, "prod") == {"max_workers": "20"}
    assert terraform_variables(on_github, "dev") == {"max_workers": "4"}


def test_what_is_not_set_or_empty_keeps_its_default() -> None:
    assert terraform_variables({"TF_VAR_ALERT_EMAILS": "", "TF_VAR_ENGINE_DEV": " \n"}, "dev") == {}


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("TF_VAR_ALERT_EMIALS", r"did you mean TF_VAR_ALERT_EMAILS\?"),
        ("TF_VAR_MAX_WORKERS_STAGING", "sets no variable of infra/variables.tf"),
        ("TF_VAR_PYTHON_MODULES", "that can be set"),
    ],
)
def test_a_name_that_sets_nothing_is_an_error(name: str, said: str) -> None:
    with pytest.raises(VariableError, match=said):
        terraform_variables({name: "4"}, "dev")


def test_what_looks_like_json_must_be_json() -> None:
    with pytest.raises(VariableError, match=r"TF_VAR_SLACK must be JSON"):
        terraform_variables({"TF_VAR_SLACK": '{team_id = "T0"}'}, "dev")
