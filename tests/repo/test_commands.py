"""What the texts tell people to type, and what CI types, exists."""

import os
import re
import shlex
import subprocess
from pathlib import Path

import pytest
import yaml

from metriccare.cli import main

TEXTS = ("README.md", "CONTRIBUTING.md", "docs/**/*.md")
CODE = re.compile(r"```(?:\w*)\n(.*?)```|`([^`\n]+)`", re.DOTALL)


def commands(root: Path, program: str) -> set[tuple[str, str]]:
    """Return (text, first argument) of every command line of the program in the code of the texts."""
    texts = [path for pattern in TEXTS for path in root.glob(pattern)]
    return {
        (path.name, word)
        for path in texts
        for block in CODE.findall(path.read_text())
        for line in "".join(block).splitlines()
        if (word := first_word(line, program))
    }


def first_word(line: str, program: str) -> str:
    found = re.match(rf"\s*(?:\$ )?(?:\S*/)?{program} ([a-z][a-z-]*)(?:\s|$)", line)
    return found[1] if found else ""


def targets(root: Path) -> set[str]:
    return set(re.findall(r"^([a-z][a-z-]*):", (root / "Makefile").read_text(), re.MULTILINE))


def test_every_make_command_of_the_texts_is_a_target(root: Path) -> None:
    named = commands(root, "make")
    assert {("README.md", "run"), ("README.md", "test")} <= named
    assert {(text, word) for text, word in named if word not in targets(root)} == set()


def test_every_metriccare_command_of_the_texts_exists(root: Path) -> None:
    named = commands(root, "metriccare")
    assert {(text, word) for text, word in named if word not in main.commands} == set()


def test_help_lists_what_people_need(root: Path) -> None:
    listed = subprocess.run(["make", "help"], cwd=root, capture_output=True, text=True, check=True).stdout
    needed = {"install", "run", "test", "test-long", "check", "lab", "lock", "clean"}
    assert needed <= set(re.findall(r"make ([a-z-]+)", listed))


def test_ci_checks_and_tests(root: Path) -> None:
    script = (root / ".ci" / "run").read_text().splitlines()
    assert [line for line in script if line.startswith("make ")] == ["make check", "make test"]
    assert "set -euo pipefail" in script
    assert os.access(root / ".ci" / "run", os.X_OK)


def test_the_workflow_runs_the_same_script_and_may_only_read(root: Path) -> None:
    workflow = yaml.safe_load((root / ".github" / "workflows" / "ci-cd.yml").read_text())
    first = next(iter(workflow["jobs"].values()))
    assert any(step.get("run") == ".ci/run" for step in first["steps"])
    assert workflow["permissions"] == {"contents": "read"}
    assert "concurrency" in workflow


def test_the_hooks_use_tools_of_the_environment_only(root: Path) -> None:
    config = yaml.safe_load((root / ".pre-commit-config.yaml").read_text())
    assert {repository["repo"] for repository in config["repos"]} == {"local"}
    entries = [
        shlex.split(hook["entry"])[0] for repository in config["repos"] for hook in repository["hooks"]
    ]
    assert [entry for entry in entries if not (root / entry).is_file()] == []


@pytest.mark.parametrize("line", ["make run", "$ make run", "make run PATIENTS=10", "  make run   # all"])
def test_a_command_is_found_in_a_line(line: str) -> None:
    assert first_word(line, "make") == "run"


def test_a_word_of_prose_is_no_command() -> None:
    assert first_word("this will make tests", "make") == ""
