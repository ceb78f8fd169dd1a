"""What GitHub shows to contributors: reviewers, forms without patient data, the citation, the security policy."""

from pathlib import Path
from typing import Any

import pytest
import yaml

FORMS = ("bug_report.yml", "feature_request.yml")


@pytest.fixture(params=FORMS)
def form(request: pytest.FixtureRequest, root: Path) -> Any:
    return yaml.safe_load((root / ".github" / "ISSUE_TEMPLATE" / request.param).read_text())


def test_an_issue_begins_with_the_warning_and_ends_with_the_promise(form: Any) -> None:
    first, *_, last = form["body"]
    assert "Never paste or attach patient data" in first["attributes"]["value"]
    assert (last["id"], last["attributes"]["options"][0]["required"]) == ("no-patient-data", True)


def test_fields_of_an_issue_are_ones_that_github_knows(form: Any) -> None:
    fields = [field for field in form["body"] if field["type"] != "markdown"]
    assert {field["type"] for field in fields} <= {"input", "textarea", "dropdown", "checkboxes"}
    assert len({field["id"] for field in fields}) == len(fields)
    assert {"name", "description", "body"} <= form.keys()


def test_there_is_no_issue_without_a_form(root: Path) -> None:
    config = yaml.safe_load((root / ".github" / "ISSUE_TEMPLATE" / "config.yml").read_text())
    assert config["blank_issues_enabled"] is False
    assert {path.name for path in (root / ".github" / "ISSUE_TEMPLATE").iterdir()} == {*FORMS, "config.yml"}


def test_a_pull_request_asks_for_the_same(root: Path) -> None:
    assert "**No patient data**" in (root / ".github" / "pull_request_template.md").read_text()


def test_everything_has_somebody_who_reviews_it(root: Path) -> None:
    lines = (root / ".github" / "CODEOWNERS").read_text().splitlines()
    rules = [line.split() for line in lines if line and not line.startswith("#")]
    assert rules[0][0] == "*"
    assert all(owners and all(owner.startswith("@") for owner in owners) for _, *owners in rules)


def test_the_citation_is_of_this_version(root: Path, pyproject: dict[str, Any]) -> None:
    citation = yaml.safe_load((root / "CITATION.cff").read_text())
    assert citation["version"] == pyproject["project"]["version"]
    assert citation["license"] == pyproject["project"]["license"]
    assert {"cff-version", "message", "title", "authors"} <= citation.keys()


def test_security_says_who_gets_a_report_and_what_stays_out(root: Path) -> None:
    text = (root / "SECURITY.md").read_text()
    assert "Report a vulnerability" in text and "Never attach or paste patient data" in text
    assert "## Supported versions" in text
