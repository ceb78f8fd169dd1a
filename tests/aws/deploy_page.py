"""docs/deploy.md, done as it is written: its blocks of commands are run in one shell, in a copy of the project.

Only what an account has and a test has not is put in its place: credentials, AWS's address, Terraform's provider, the
answers to its questions; and names, a region and the folder /tmp, which other tests share.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.infra.aws_commands import find_aws_cli
from tests.infra.emulated import backend, emulated
from tests.infra.terraform import PLUGINS, ROOT
from tests.support.required import is_missing

PAGE = ROOT / "docs" / "deploy.md"
BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
FILLED_IN = {"OWNER/REPOSITORY": "hospital/metriccare", "AWS_REGION=eu-central-1": "AWS_REGION=us-east-1"}
STAMPS = (".runnable", ".installed")  # what make looks at
PROFILE = "administrator"
YES = "yes\n" * 10_000  # for a block with several commands that ask: each of them reads ahead


def blocks(heading: str) -> list[str]:
    """Return the blocks of commands under a heading of the page.

    Raises:
        ValueError: there is no such heading, or no block under it.
    """
    for section in re.split(r"^## ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        if section.partition("\n")[0].endswith(heading) and (found := BLOCK.findall(section)):
            return found
    raise ValueError(f"docs/deploy.md has no commands under {heading!r}")


def project(folder: Path) -> Path:
    """Copy the project as it is in git, with this environment in the place of the one that `make install` creates."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True)
    for name in filter(None, listed.stdout.split("\0")):
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, target)
    environment = folder / ".venv"
    environment.mkdir()
    for part in Path(sys.prefix).iterdir():
        if part.name not in STAMPS:
            (environment / part.name).symlink_to(part)
    for stamp in STAMPS:
        (environment / stamp).write_text(f"{folder}\n")
    for root in ("infra", "infra/bootstrap"):
        emulated(folder / root)
    return folder


@dataclass
class Shell:
    """A shell that keeps its variables from one block to the next; each block begins in the project's folder.

    Attributes:
        project: the copy of the project.
        scratch: what the page calls /tmp.
        address: where AWS is played.
    """

    project: Path
    scratch: Path
    address: str

    def run(self, block: str, answer: str = "", principal: str = PROFILE) -> str:
        """Run a block of commands to its end, or to the first that fails; return what it prints.

        Args:
            block: the commands.
            answer: for the commands that ask (`YES`).
            principal: whose credentials the profile has that the page names.
        """
        keys = f"aws_access_key_id = {principal}\naws_secret_access_key = testing\n"
        self._configuration.write_text(f"[profile {PROFILE}]\n{keys}")
        for placeholder, value in {**FILLED_IN, "/tmp/": f"{self.scratch}/"}.items():
            block = block.replace(placeholder, value)
        kept = self.scratch / "environment"
        script = f"set -euo pipefail\n{self._aws()}\n{block}\nexport -p >{shlex.quote(str(kept))}"
        before = f"[ ! -f {shlex.quote(str(kept))} ] || . {shlex.quote(str(kept))}\n"
        done = subprocess.run(
            ["bash", "-c", before + script],
            cwd=self.project,
            env=self._environment(),
            input=answer,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{block}\n{done.stdout}{done.stderr}"
        return done.stdout

    @property
    def _configuration(self) -> Path:
        return self.scratch / "aws_config"

    def _aws(self) -> str:
        """Return a shell function that gives version 2 of the AWS CLI, whose older releases want it so, the address."""
        program = find_aws_cli()
        if program is None:
            is_missing("aws-cli", "version 2 of the AWS CLI is not installed (make aws-cli)")
        return f'aws() {{ {shlex.quote(str(program))} --endpoint-url "$AWS_ENDPOINT_URL" "$@"; }}'

    def _environment(self) -> dict[str, str]:
        plugins = os.environ.get(PLUGINS)
        options = [*backend(), *([f"-plugin-dir={plugins}"] if plugins else [])]
        own = {
            "AWS_ENDPOINT_URL": self.address,
            "AWS_CONFIG_FILE": str(self._configuration),
            "AWS_EC2_METADATA_DISABLED": "true",
            "CHECKPOINT_DISABLE": "1",
            "TF_CLI_ARGS_init": shlex.join(options),
        }
        if not plugins and "TF_CLI_CONFIG_FILE" in os.environ:
            own["TF_CLI_CONFIG_FILE"] = os.environ["TF_CLI_CONFIG_FILE"]
        names = ("TF_", "AWS_", "MAKE")
        return {name: value for name, value in os.environ.items() if not name.startswith(names)} | own
