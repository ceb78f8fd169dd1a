"""Terraform as the tests call it: in a copy of the tree, without the network where a mirror of the provider is given.

`METRICCARE_TF_PLUGIN_DIR` names a folder with the provider; without it Terraform asks its registry.
"""

import os
import shutil
import subprocess
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.support.required import is_missing

ROOT = Path(__file__).parents[2]
READ = ("infra", "glue_job", "lambda_function", "notebooks")
PLUGINS = "METRICCARE_TF_PLUGIN_DIR"
NO_PROVIDER = "Failed to query available provider packages"


class TerraformError(Exception):
    """Terraform did not do what it was told to."""


@cache
def obstacle() -> str:
    """Return why Terraform can't have the provider on this machine; empty if it can.

    Only a provider that can't be had counts: other errors of `terraform init` are for the tests to find.
    """
    with TemporaryDirectory() as folder:
        shutil.copy(ROOT / "infra" / "versions.tf", folder)
        said = Terraform(Path(folder)).run("init", "-backend=false").stderr
    if NO_PROVIDER not in said:
        return ""
    why = " ".join(said.partition("Could not retrieve")[2].partition("\n\nTo see which")[0].split())
    return f"terraform finds no provider: could not retrieve {why}"


def require_terraform() -> None:
    """Skip the test where Terraform is not installed, or fail it where it is required."""
    if shutil.which("terraform") is None:
        is_missing("terraform", "terraform is not installed")


def require_provider() -> None:
    """Do the same where Terraform has no provider."""
    require_terraform()
    if found := obstacle():
        is_missing("terraform", found)


def copied(folder: Path) -> Path:
    """Copy what Terraform reads into a folder."""
    leftovers = shutil.ignore_patterns(".terraform", "*.tfstate*", "__pycache__", ".ipynb_checkpoints")
    for name in READ:
        shutil.copytree(ROOT / name, folder / name, ignore=leftovers)
    return folder


@dataclass(frozen=True)
class Terraform:
    """A root module in a folder, and the environment variables it is called with."""

    folder: Path
    variables: dict[str, str] = field(default_factory=dict)

    def __call__(self, command: str, *arguments: str, allowed: tuple[int, ...] = (0,)) -> str:
        """Run a command; return what it says.

        Raises:
            TerraformError: its exit status is not among those allowed.
        """
        done = self.run(command, *arguments)
        if done.returncode not in allowed:
            raise TerraformError(f"terraform {command} gave {done.returncode}:\n{done.stdout}{done.stderr}")
        return done.stdout

    def run(self, command: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command, whatever comes of it."""
        plugins = os.environ.get(PLUGINS)
        options = [] if command in ("fmt", "state", "workspace") else ["-no-color"]
        if plugins and command == "init":
            options.append(f"-plugin-dir={plugins}")
        return subprocess.run(
            ["terraform", command, *options, *arguments],
            check=False,
            cwd=self.folder,
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )

    def _environment(self) -> dict[str, str]:
        own = {"TF_IN_AUTOMATION": "1", "TF_INPUT": "0", "CHECKPOINT_DISABLE": "1"}
        inherited = {
            name: value for name, value in os.environ.items() if not name.startswith(("TF_", "AWS_"))
        }
        if PLUGINS not in os.environ and "TF_CLI_CONFIG_FILE" in os.environ:
            own["TF_CLI_CONFIG_FILE"] = os.environ["TF_CLI_CONFIG_FILE"]
        return inherited | own | self.variables


def initialised(folder: Path) -> Terraform:
    """Initialise a root module without a backend."""
    terraform = Terraform(folder)
    terraform("init", "-backend=false")
    return terraform
