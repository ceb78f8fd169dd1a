"""What uploaders and engineers may do is within the boundary of their roles, and explained."""

from tests.infra.terraform import ROOT
from tests.infra.test_conventions import ACTION

INFRA = ROOT / "infra"


def test_people_may_do_nothing_beyond_the_boundary() -> None:
    """A role can do only what both its policy and its boundary allow."""
    boundary = (INFRA / "bootstrap/boundary.tf").read_text().partition("boundary_statements = {")[2]
    granted = set(ACTION.findall((INFRA / "people.tf").read_text()))
    assert len(granted) > 40
    assert sorted(granted - set(ACTION.findall(boundary))) == []


def test_each_action_of_people_is_explained() -> None:
    page = (ROOT / "docs/aws-permissions.md").read_text()
    granted = set(ACTION.findall((INFRA / "people.tf").read_text()))
    assert sorted(action for action in granted if f"`{action}`" not in page) == []
