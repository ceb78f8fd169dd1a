"""Terraform takes what is set on GitHub as it was meant, through the action's own step."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.infra import workflow
from tests.infra.terraform import ROOT, require_terraform

GIVEN = {
    "TF_VAR_GLUE_VERSION": "5.0",  # text, though it looks like a number
    "TF_VAR_MAX_QUARANTINED": "0.05",
    "TF_VAR_MAX_WORKERS_DEV": "5",
    "TF_VAR_DELETION_PROTECTION": "true",
    "TF_VAR_ALERT_EMAILS": '[\n  "a@hospital.example",\n  "b@hospital.example"\n]',
    "TF_VAR_SLACK": '{"team_id": "T0123", "channel_id": "C0123"}',
    "TF_VAR_HOURLY_SCHEDULE": "null",
    "TF_VAR_DAILY_SCHEDULE": "cron(0 6 * * ? *)",
    "TF_VAR_PERMISSIONS_BOUNDARY_DEV": "arn:aws:iam::123456789012:policy/metriccare_all_boundary_dev",
    "AWS_REGION": "eu-central-1",
}


def taken_by_terraform(folder: Path, on_github: dict[str, str]) -> dict[str, Any]:
    """Return all variables as Terraform has them after the action's own step."""
    (folder / "infra").mkdir(parents=True)
    (folder / ".venv/bin").mkdir(parents=True)
    (folder / ".venv/bin/python").symlink_to(sys.executable)
    shutil.copytree(ROOT / "tools", folder / "tools")
    text = (ROOT / "infra/variables.tf").read_text()
    (folder / "infra/variables.tf").write_text(text)
    own = {"ENVIRONMENT": "dev", "GITHUB_VARIABLES": json.dumps(on_github)}
    done = workflow.run(
        workflow.step(workflow.stack_action(), "Take Terraform's variables from GitHub's"), folder, own
    )
    assert done.returncode == 0, done.stderr
    names = re.findall(r'^variable "(\w+)"', text, re.MULTILINE)
    asked = f"jsonencode({{{', '.join(f'{name} = var.{name}' for name in names)}}})"
    console = subprocess.run(
        ["terraform", "console"],
        input=asked,
        cwd=folder / "infra",
        env={name: value for name, value in os.environ.items() if not name.startswith("TF_")},
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(json.loads(console.stdout))
    return found


def test_terraform_takes_each_value_with_its_type(tmp_path: Path) -> None:
    require_terraform()
    defaults = taken_by_terraform(tmp_path / "none", {"AWS_REGION": "eu-central-1"})
    assert defaults["alert_emails"] == []
    assert defaults["max_workers"] is None
    assert taken_by_terraform(tmp_path / "given", GIVEN) == defaults | {
        "max_quarantined": 0.05,
        "max_workers": 5,
        "deletion_protection": True,
        "alert_emails": ["a@hospital.example", "b@hospital.example"],
        "slack": {"team_id": "T0123", "channel_id": "C0123"},
        "hourly_schedule": None,
        "daily_schedule": "cron(0 6 * * ? *)",
        "permissions_boundary": "arn:aws:iam::123456789012:policy/metriccare_all_boundary_dev",
    }
