from pathlib import Path
from typing import Any

import pytest
import yaml
from tools.release_notes import SECTION, release_notes

import metriccare

CHANGELOG = (
    "# Changelog\n\n## 0.2.0 (not released yet)\n\n- New.\n\n## 0.1.0 (2026-12-01)\n\n### Input\n\n- First.\n"
)


def test_the_notes_are_the_section_of_the_version() -> None:
    assert release_notes("v0.1.0", "0.1.0", CHANGELOG) == "### Input\n\n- First."


@pytest.mark.parametrize(
    ("tag", "version", "finding"),
    [
        ("v0.1.1", "0.1.0", "The tag is v0.1.1, but pyproject.toml has version 0.1.0: tag v0.1.0."),
        ("0.1.0", "0.1.0", "tag v0.1.0"),
        ("v0.3.0", "0.3.0", "no section `## 0.3.0 (YYYY-MM-DD)`"),
        ("v0.2.0", "0.2.0", "put the date of the release there"),
    ],
)
def test_a_release_that_cannot_be_made_is_refused(tag: str, version: str, finding: str) -> None:
    with pytest.raises(ValueError, match=r".+") as caught:
        release_notes(tag, version, CHANGELOG)
    assert finding in str(caught.value)


def test_the_version_is_one_and_has_a_section_in_the_changelog(root: Path, pyproject: dict[str, Any]) -> None:
    version = pyproject["project"]["version"]
    sections = [found["version"] for found in SECTION.finditer((root / "CHANGELOG.md").read_text())]
    citation = yaml.safe_load((root / "CITATION.cff").read_text())
    assert metriccare.__version__ == version == sections[0]
    assert str(citation["version"]) == version


def test_a_release_is_built_tested_and_published_by_tag(root: Path) -> None:
    workflow = yaml.safe_load((root / ".github" / "workflows" / "release.yml").read_text())
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    commands = "\n".join(step.get("run", "") for step in steps)
    assert workflow[True] == {"push": {"tags": ["v*"]}}  # YAML reads the key `on` as a truth value
    assert workflow["permissions"] == {"contents": "read"}
    assert "tools.release_notes" in commands
    assert "make test TESTS=tests/install" in commands
    assert any("pypi-publish" in step.get("uses", "") for step in steps)
