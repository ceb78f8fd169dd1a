"""Which role runs which commands in the workflow that deploys."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from tests.infra.terraform import ROOT

WORKFLOW = ROOT / ".github" / "workflows" / "ci-cd.yml"
STACK = "./.github/actions/stack"
SCRIPT = re.compile(r"\btools/(\w+\.sh)")


def commands_by_role(workflow: Path = WORKFLOW) -> Iterator[tuple[str, str]]:
    """Yield each job's role and what the job runs: its own steps, and the scripts of `tools` that these call."""
    jobs: dict[str, Any] = yaml.safe_load(workflow.read_text(encoding="utf-8"))["jobs"]
    for job in jobs.values():
        role = next((_role(step["with"]) for step in job["steps"] if step.get("uses") == STACK), "")
        if role:
            text = "\n".join(str(step.get("run", "")) for step in job["steps"])
            called = [(ROOT / "tools" / name).read_text(encoding="utf-8") for name in SCRIPT.findall(text)]
            yield role, "\n".join([text, *called])


def _role(given: dict[str, str]) -> str:
    """Return the name of the role that a job asks for; a job for any environment is checked as dev's."""
    kind = "plan" if "PLAN" in given["role"] else "apply"
    environment = given["environment"] if given["environment"] in ("dev", "prod") else "dev"
    return f"metriccare_all_{kind}_{environment}"
