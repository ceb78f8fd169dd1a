"""An account, empty or as an administrator leaves it, on an emulated AWS in a process of its own.

The emulator keeps everything in its process, so that nothing of this account is seen by the tests that emulate AWS in
pytest's process.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from tests.infra.emulated import backend, emulated, variables
from tests.infra.terraform import ROOT, Terraform, copied, initialised

REPOSITORY = {"TF_VAR_repository": "metriccare/metriccare"}

BUILT = {
    "TF_VAR_python_modules": "./tests/fixtures/metriccare-0.0.0.gluewheels.zip",
    "TF_VAR_lambda_archive": "./tests/fixtures/lambda_function.zip",
}

# The provider waits 50 seconds for each, since S3's own answers differ at first.
WITHOUT_LIFECYCLE = """
resource "aws_s3_bucket_lifecycle_configuration" "this" {
  count = 0
}
"""


@dataclass(frozen=True)
class Account:
    """An emulated account.

    Attributes:
        address: of the emulator.
        tree: a copy of what Terraform reads, led to the emulator.
    """

    address: str
    tree: Path

    def client(self, service: str) -> Any:
        """Return a client of boto3 in this account."""
        keys = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
        return boto3.client(service, endpoint_url=self.address, region_name="us-east-1", **keys)


@contextmanager
def serving() -> Iterator[str]:
    """Start an emulator in a process of its own; give its address."""
    command = [sys.executable, "-m", "tests.aws.moto_server", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        try:
            yield server.stdout.readline().strip()
        finally:
            server.kill()


def empty(address: str, folder: Path, *, lifecycle: bool = False) -> Account:
    """Return an account in which nothing has been applied.

    Args:
        address: of the emulator.
        folder: for a copy of what Terraform reads.
        lifecycle: whether buckets are to have their lifecycle rules.
    """
    account = Account(address, copied(folder))
    for root in ("infra", "infra/bootstrap"):
        emulated(account.tree / root)
    if not lifecycle:
        (account.tree / "infra/modules/s3_bucket/emulator_override.tf").write_text(WITHOUT_LIFECYCLE)
    return account


def bootstrapped(address: str, folder: Path) -> Account:
    """Apply bootstrap to an empty account."""
    account = empty(address, folder)
    initialised(account.tree / "infra/bootstrap")
    Terraform(account.tree / "infra/bootstrap", variables(address) | REPOSITORY)("apply", "-auto-approve")
    return account


def stack(account: Account, workspace: str, **given: str) -> Terraform:
    """Return the stack in a workspace of an account, called with further variables."""
    root = account.tree / "infra"
    if not (root / ".terraform" / "terraform.tfstate").exists():
        Terraform(root, variables(account.address))("init", *backend())
    return Terraform(root, variables(account.address) | BUILT | given | {"TF_WORKSPACE": workspace})


def text(done: subprocess.CompletedProcess[str]) -> str:
    """Return what Terraform said, without the lines and bars that it is set in."""
    return " ".join((done.stdout + done.stderr).replace("│", " ").split())
