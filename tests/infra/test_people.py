"""What uploaders and engineers may do is within the boundary of their roles, and explained."""

from tests.infra.aws_commands import commands
from tests.infra.terraform import ROOT
from tests.infra.test_conventions import ACTION

INFRA = ROOT / "infra"


def test_people_may_do_nothing_beyond_the_boundary() -> None:
    """A role can do only what both its policy and its boundary allow."""
    boundary = (INFRA / "bootstrap/boundary.tf").read_text().partition("boundary_statements = {")[2]
    files = (INFRA / name for name in ("people.tf", "access.tf"))
    granted = {action for file in files for action in ACTION.findall(file.read_text())} - {
        "iam:PassedToService"
    }
    assert len(granted) > 50
    assert sorted(granted - set(ACTION.findall(boundary))) == []


def test_each_action_of_people_is_explained() -> None:
    page = (ROOT / "docs/aws-permissions.md").read_text()
    granted = set(ACTION.findall((INFRA / "people.tf").read_text()))
    assert sorted(action for action in granted if f"`{action}`" not in page) == []


def test_engineers_may_do_what_the_page_on_operations_says() -> None:
    engineers = set(ACTION.findall((INFRA / "people.tf").read_text().partition("# --- Engineers")[2]))
    page = (ROOT / "docs/operations.md").read_text()
    needed = {action for command in commands(page) if (action := action_of(command))}
    assert {
        "lambda:InvokeFunction",
        "glue:StartJobRun",
        "sqs:StartMessageMoveTask",
        "s3:ListBucket",
    } <= needed
    assert sorted(needed - engineers) == []


NAMED_OTHERWISE = {
    "lambda invoke": "lambda:InvokeFunction",
    "s3 ls": "s3:ListBucket",
    "s3api get-bucket-notification-configuration": "s3:GetBucketNotification",
    "sts get-caller-identity": "",  # nobody needs a permission for it
    "sso login": "",  # these are about one's own machine
    "configure sso": "",
    "configure list-profiles": "",
    "glue reset-job-bookmark": "",  # the page says that it changes nothing
}


def action_of(command: str) -> str:
    """Return the action behind a command; empty if it is none that an engineer needs."""
    _, service, operation, *_ = command.split()
    pascal = "".join(part.capitalize() for part in operation.split("-"))
    return NAMED_OTHERWISE.get(f"{service} {operation}", f"{service}:{pascal}")
