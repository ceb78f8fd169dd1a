"""What the GitHub workflows use and where they keep things: pins, plans, order."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

USES = re.compile(r"^\s*(?:- )?uses: +(\S+)(?: +# (\S+))?$", re.MULTILINE)


@pytest.fixture
def files(root: Path) -> list[Path]:
    return [*root.glob(".github/workflows/*.yml"), *root.glob(".github/actions/*/action.yml")]


@pytest.fixture
def jobs(root: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((root / ".github/workflows/ci-cd.yml").read_text())["jobs"]
    return found


def test_actions_are_pinned_by_commit_with_their_tag(files: list[Path]) -> None:
    """A tag can be moved to other code, which would then run with the roles of AWS."""
    used = [(file.name, *found) for file in files for found in USES.findall(file.read_text())]
    assert len(used) == sum(file.read_text().count("uses:") for file in files) > 20
    others = [one for one in used if not one[1].startswith("./")]
    assert [one for one in others if not re.fullmatch(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}", one[1])] == []
    assert [one for one in others if not re.fullmatch(r"v\d+\.\d+\.\d+", one[2])] == []


def test_an_action_has_the_same_commit_everywhere(files: list[Path]) -> None:
    pins: dict[str, set[tuple[str, str]]] = {}
    for file in files:
        for used, tag in USES.findall(file.read_text()):
            name, _, commit = used.partition("@")
            pins.setdefault(name, set()).add((commit, tag))
    assert {name: found for name, found in pins.items() if len(found) > 1} == {}


def test_updates_of_pinned_actions_are_proposed(root: Path) -> None:
    (update,) = yaml.safe_load((root / ".github/dependabot.yml").read_text())["updates"]
    assert update["package-ecosystem"] == "github-actions"
    assert set(update["directories"]) == {"/", "/.github/actions/*"}


def test_no_plan_of_terraform_is_an_artifact(jobs: dict[str, Any]) -> None:
    kept = [
        line.strip()
        for job in jobs.values()
        for step in job["steps"]
        if "upload-artifact" in step.get("uses", "")
        for line in step["with"]["path"].splitlines()
    ]
    assert kept == [".coverage"]


def test_prods_approval_holds_back_no_other_run(root: Path, jobs: dict[str, Any]) -> None:
    """Only what changes an environment waits for what changes the same one."""
    workflow = yaml.safe_load((root / ".github/workflows/ci-cd.yml").read_text())
    assert "github.run_id" in workflow["concurrency"]["group"]
    groups = {name: job["concurrency"] for name, job in jobs.items() if "concurrency" in job}
    assert groups == {
        "apply-dev": {"group": "stack-dev"},
        "apply-prod": {"group": "stack-prod"},
        "destroy": {"group": "stack-${{ inputs.destroy }}"},
    }
    assert {name: job.get("environment") for name, job in jobs.items() if name in groups} == {
        "apply-dev": "dev",
        "apply-prod": "prod",
        "destroy": "${{ inputs.destroy }}",
    }


def test_an_older_commit_is_not_deployed_after_a_newer_one(jobs: dict[str, Any]) -> None:
    assert jobs["apply-dev"]["needs"] == "newest"
    assert jobs["apply-dev"]["if"] == "needs.newest.outputs.commit == github.sha"


def test_the_destroy_looks_before_it_deletes(jobs: dict[str, Any]) -> None:
    commands = [step.get("run", "") for step in jobs["destroy"]["steps"]]
    (looks,) = (at for at, command in enumerate(commands) if "tools.destroyable" in command)
    (destroys,) = (at for at, command in enumerate(commands) if "terraform destroy" in command)
    assert looks < destroys
