"""The commands of the GitHub workflows, taken from their files and run as GitHub's runner does."""

import os
import subprocess
from pathlib import Path
from typing import Any

import yaml
from tests.infra.emulated import BACKEND, variables
from tests.infra.terraform import PLUGINS, ROOT

Step = dict[str, Any]
GITHUB = ROOT / ".github"


def jobs() -> dict[str, Any]:
    """Return the jobs of ci-cd, by name."""
    found: dict[str, Any] = yaml.safe_load((GITHUB / "workflows" / "ci-cd.yml").read_text())["jobs"]
    return found


def stack_action() -> list[Step]:
    """Return the steps that each job that uses Terraform begins with."""
    found: list[Step] = yaml.safe_load((GITHUB / "actions" / "stack" / "action.yml").read_text())["runs"][
        "steps"
    ]
    return found


def step(steps: list[Step], name: str) -> Step:
    """Return the step of a name."""
    (found,) = (one for one in steps if one.get("name") == name)
    return found


def run(one: Step, tree: Path, given: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a step's script in a tree.

    Args:
        one: the step.
        tree: what stands for the checked-out repository.
        given: its environment variables, and whatever else the machine has.
    """
    assert set(one.get("env", {})) <= set(given), "the step has a variable that the test does not know"
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("TF_", "AWS_"))}
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", one["run"]],
        cwd=tree / one.get("working-directory", "."),
        env=inherited | given,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def emulated_runner(address: str) -> dict[str, str]:
    """Return the variables that lead Terraform on a runner to an emulator."""
    options = [f"-backend-config={name}={value}" for name, value in BACKEND.items() if name != "bucket"]
    if plugins := os.environ.get(PLUGINS):
        options.append(f"-plugin-dir={plugins}")
    return variables(address) | {
        "TF_CLI_ARGS_init": " ".join(options),
        "TF_IN_AUTOMATION": "1",
        "TF_INPUT": "0",
        "CHECKPOINT_DISABLE": "1",
        "TF_VAR_python_modules": "./tests/fixtures/metriccare-0.0.0.gluewheels.zip",
        "TF_VAR_lambda_archive": "./tests/fixtures/lambda_function.zip",
    }
