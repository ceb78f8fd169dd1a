"""What bootstrap and the stack do to an account, and what they refuse, on an emulated AWS."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.infra import workflow
from tests.infra.account import REPOSITORY, Account, bootstrapped, serving, stack, text
from tests.infra.aws_commands import find_aws_cli
from tests.infra.emulated import BACKEND, OVERRIDE, STATE_BUCKET, variables
from tests.infra.read_only import refusing_writes
from tests.infra.terraform import ROOT, Terraform, require_provider
from tests.support.required import is_missing

STATES = [f"env:/{environment}/metriccare/terraform.tfstate" for environment in ("dev", "prod")]


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    require_provider()
    with serving() as address:
        yield bootstrapped(address, tmp_path_factory.mktemp("account"))


def test_the_emulator_changes_no_setting_of_the_backend() -> None:
    written = re.findall(r'backend "s3" \{\n(.*?)\n  \}', (ROOT / "infra/versions.tf").read_text(), re.DOTALL)
    own = set(re.findall(r"^ +(\w+) +=", written[0], re.MULTILINE))
    assert own == {"key", "use_lockfile"}
    assert own & BACKEND.keys() == set()
    assert "backend" not in OVERRIDE


def head(account: Account, key: str) -> dict[str, Any]:
    found: dict[str, Any] = account.client("s3").head_object(Bucket=STATE_BUCKET, Key=key)
    return found


def default_key(account: Account) -> str:
    found = account.client("s3").get_bucket_encryption(Bucket=STATE_BUCKET)
    (rule,) = found["ServerSideEncryptionConfiguration"]["Rules"]
    return str(rule["ApplyServerSideEncryptionByDefault"]["KMSMasterKeyID"])


@pytest.mark.long
def test_a_role_that_may_only_read_the_state_plans_before_anything_is_deployed(
    account: Account, tmp_path: Path
) -> None:
    tree = tmp_path / "checkout"
    shutil.copytree(account.tree, tree, ignore=shutil.ignore_patterns(".terraform"))
    with refusing_writes(account.address, STATE_BUCKET) as (proxy, refused):
        runner = workflow.emulated_runner(proxy) | {"STATE_BUCKET": STATE_BUCKET, "ENVIRONMENT": "dev"}
        for one in (
            workflow.step(workflow.stack_action(), "Initialise Terraform"),
            workflow.step(workflow.jobs()["plan"]["steps"], "Plan"),
        ):
            done = workflow.run(one, tree, runner)
            assert done.returncode == 0, done.stdout + done.stderr
        assert refused == []
        assert re.search(r"^Plan: \d+ to add", (tree / "plan.txt").read_text(), re.MULTILINE)

        created = Terraform(tree / "infra", variables(proxy)).run("workspace", "new", "other")
        assert created.returncode == 1  # the proxy does refuse
        assert refused


@pytest.mark.long
def test_states_are_under_the_key_and_bootstrap_leaves_them_alone(account: Account) -> None:
    """As bootstrap creates them, and as the backend writes them; bootstrap is then applied again, and destroyed."""
    created = [head(account, key) for key in STATES]
    stack(account, "dev")("apply", "-auto-approve", "-target=module.access_logs")
    written = head(account, STATES[0])
    assert written["VersionId"] != created[0]["VersionId"]
    for one in (*created, written):
        assert (one["ServerSideEncryption"], one["SSEKMSKeyId"]) == ("aws:kms", default_key(account))

    bootstrap = Terraform(account.tree / "infra/bootstrap", variables(account.address) | REPOSITORY)
    assert "0 added, 0 changed, 0 destroyed" in bootstrap("apply", "-auto-approve")
    destroyed = text(bootstrap.run("destroy", "-auto-approve"))
    assert "Resource aws_s3_object.workspace" in destroyed
    assert "has lifecycle.prevent_destroy set" in destroyed
    assert head(account, STATES[0])["VersionId"] == written["VersionId"]


def test_another_workspace_is_refused_with_target_too(account: Account) -> None:
    said = stack(account, "staging").run("plan", "-target=module.raw")
    assert said.returncode == 1
    assert "staging is not an environment: run terraform workspace select dev (or prod)" in text(said)


def test_everything_depends_on_the_guard_and_the_protection_on_everything(account: Account) -> None:
    graph = stack(account, "dev")("graph")
    resources = set(re.findall(r'^\s*"([^"]+)" \[label', graph, re.MULTILINE))
    needs: dict[str, set[str]] = {}
    for resource, needed in re.findall(r'"([^"]+)" -> "([^"]+)"', graph):
        needs.setdefault(resource, set()).add(needed)

    def all_needs(resource: str) -> set[str]:
        found: set[str] = set()
        waiting = [resource]
        while waiting:
            new = needs.get(waiting.pop(), set()) - found
            found |= new
            waiting += new
        return found

    never = ("module.alerts.module.slack_role.", "module.alerts.aws_chatbot_")  # no channel has this topic
    managed = {one for one in resources if ".data." not in one and not one.startswith(("data.", *never))}
    assert len(managed) > 60
    assert managed - all_needs("terraform_data.protection") == {"terraform_data.protection"}
    guard = "data.aws_caller_identity.this"
    assert {one for one in managed if guard not in all_needs(one)} == set()


def step(job: str, name: str, tree: Path, account: Account, key: str) -> subprocess.CompletedProcess[str]:
    """Run a step that keeps or fetches a plan, with the AWS CLI, in a checkout of its own."""
    cli = find_aws_cli()
    if cli is None:
        is_missing("aws-cli", "version 2 of the AWS CLI is not installed (make aws-cli)")
    (tree / "bin").mkdir(exist_ok=True)
    led = tree / "bin/aws"  # older ones do not know AWS_ENDPOINT_URL
    led.write_text(f'#!/bin/sh\nexec "{cli}" --endpoint-url "{account.address}" "$@"\n')
    led.chmod(0o755)
    runner = variables(account.address) | {"STATE_BUCKET": STATE_BUCKET, "KEY": key}
    runner |= {"PATH": f"{led.parent}:{os.environ['PATH']}", "GITHUB_OUTPUT": str(tree / "output")}
    return workflow.run(workflow.step(workflow.jobs()[job]["steps"], name), tree, runner)


def checkout(folder: Path, given: str, **files: str) -> Path:
    (folder / "infra").mkdir(parents=True)
    (folder / "dist").mkdir()
    (folder / "infra/github.auto.tfvars.json").write_text(given)
    for name, content in files.items():
        (folder / name.replace("_", "/")).write_text(content)
    return folder


def test_the_approved_plan_is_applied_with_what_it_was_made_of(account: Account, tmp_path: Path) -> None:
    key = "plans/prod/17-1.tar.gz"
    named = workflow.step(workflow.jobs()["plan-prod"]["steps"], "Keep the plan")["env"]["KEY"]
    assert named.startswith("plans/prod/")  # which the role may write, and bootstrap lets expire

    planned = checkout(tmp_path / "planned", "{}", infra_plan="the plan", dist_one="built for the plan")
    kept = step("plan-prod", "Keep the plan", planned, account, key)
    assert kept.returncode == 0, kept.stderr
    assert (planned / "output").read_text() == f"key={key}\n"
    assert head(account, key)["SSEKMSKeyId"] == default_key(account)

    approved = checkout(tmp_path / "approved", "{}", dist_other="built again")
    fetched = step("apply-prod", "Fetch the approved plan", approved, account, key)
    assert fetched.returncode == 0, fetched.stderr
    assert (approved / "infra/plan").read_text() == "the plan"
    assert [one.name for one in (approved / "dist").iterdir()] == ["one"]

    other = checkout(tmp_path / "other", '{"max_workers": "4"}')
    refused = step("apply-prod", "Fetch the approved plan", other, account, key)
    assert refused.returncode == 1
    assert "The Terraform variables on GitHub differ from those of the plan" in refused.stderr

    late = step("apply-prod", "Fetch the approved plan", other, account, "plans/prod/16-1.tar.gz")
    assert late.returncode == 1
    assert "There is no plan to apply: plans are kept for 3 days" in late.stderr


@pytest.mark.long
def test_bootstrap_is_destroyed_as_the_page_says(account: Account) -> None:
    bootstrap = Terraform(account.tree / "infra/bootstrap", variables(account.address) | REPOSITORY)
    bootstrap("apply", "-auto-approve", "-var", "force_destroy=true")
    bootstrap("state", "rm", "aws_s3_object.workspace")
    bootstrap("destroy", "-auto-approve")
    buckets = [one["Name"] for one in account.client("s3").list_buckets()["Buckets"]]
    assert STATE_BUCKET not in buckets
