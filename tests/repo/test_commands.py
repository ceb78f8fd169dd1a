"""What people find in `make help`, what CI runs, and what runs before a commit."""

import os
import re
import shlex
import subprocess
from pathlib import Path

import yaml
from tools.shards import SHARDS


def test_help_lists_what_people_need(root: Path) -> None:
    listed = subprocess.run(["make", "help"], cwd=root, capture_output=True, text=True, check=True).stdout
    needed = {"install", "run", "test", "test-long", "check", "lab", "lock", "clean"}
    assert needed <= set(re.findall(r"make ([a-z-]+)", listed))


def test_ci_checks_and_tests(root: Path) -> None:
    script = (root / ".ci" / "run").read_text().splitlines()
    assert "set -euo pipefail" in script
    assert os.access(root / ".ci" / "run", os.X_OK)


def test_the_workflow_runs_the_same_script_and_may_only_read(root: Path) -> None:
    workflow = yaml.safe_load((root / ".github" / "workflows" / "ci-cd.yml").read_text())
    jobs = workflow["jobs"]
    for name in ("check", "test"):
        assert any(step.get("run") == f".ci/run {name}" for step in jobs[name]["steps"])
    assert jobs["test"]["env"]["SHARD"] == "${{ matrix.shard }}"
    assert tuple(jobs["test"]["strategy"]["matrix"]["shard"]) == SHARDS
    for later in ("plan", "newest"):
        assert set(jobs[later]["needs"]) == {"check", "test"}
    assert workflow["permissions"] == {"contents": "read"}
    assert "concurrency" in workflow


def test_the_hooks_use_tools_of_the_environment_only(root: Path) -> None:
    config = yaml.safe_load((root / ".pre-commit-config.yaml").read_text())
    assert {repository["repo"] for repository in config["repos"]} == {"local"}
    entries = [
        shlex.split(hook["entry"])[0] for repository in config["repos"] for hook in repository["hooks"]
    ]
    assert [entry for entry in entries if not (root / entry).is_file()] == []
