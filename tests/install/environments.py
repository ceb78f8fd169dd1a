"""Fresh environments with the built wheel in them, and commands run far from the checkout."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
LOCK = str(ROOT / "requirements.lock")
UV = [sys.executable, "-m", "uv"]
QUICK = "-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=240m"
OWN = ("METRICCARE_", "PYTHON", "VIRTUAL_ENV", "JUPYTER", "AWS_")


@dataclass(frozen=True)
class Environment:
    """An environment and the folder that its commands are run in.

    Attributes:
        prefix: of the environment.
        folder: the working directory.
    """

    prefix: Path
    folder: Path

    def command(self, *arguments: str) -> list[str]:
        """Return the command line of `metriccare`."""
        return [str(self.prefix / "bin" / "metriccare"), *arguments]

    def python(self, code: str) -> str:
        """Run Python code; return what it printed."""
        return self._checked([str(self.prefix / "bin" / "python"), "-c", code]).stdout

    def metriccare(self, *arguments: str, **variables: str) -> str:
        """Run a command of `metriccare`, with other variables if some are given; return what it printed."""
        return self._checked(self.command(*arguments), **variables).stdout

    def refused(self, *arguments: str) -> str:
        """Run a command of `metriccare` that must fail with exit status 1; return its error."""
        done = self._run(self.command(*arguments))
        assert done.returncode == 1, done
        return done.stderr

    def variables(self) -> dict[str, str]:
        """Return the environment variables of a person who never saw the checkout."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(OWN)}
        ivy = {name: os.environ[name] for name in ("METRICCARE_IVY",) if name in os.environ}
        return kept | ivy | {"METRICCARE_JAVA_OPTIONS": QUICK, "COLUMNS": "120"}

    def _checked(self, command: list[str], **variables: str) -> "subprocess.CompletedProcess[str]":
        done = self._run(command, **variables)
        assert done.returncode == 0, f"{command} gave {done.returncode}:\n{done.stdout}{done.stderr}"
        return done

    def _run(self, command: list[str], **variables: str) -> "subprocess.CompletedProcess[str]":
        environment = self.variables() | variables
        return subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False
        )


def build_wheel(folder: Path) -> Path:
    """Build the wheel into a folder."""
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    return wheel


def make_environment(prefix: Path, wheel: Path, *extras: str) -> None:
    """Make an environment with the wheel and what its extras ask for, in the versions of the lock.

    Packages come from uv's cache, which `make install` has filled; from the index only if one is missing there.
    """
    subprocess.run([*UV, "venv", "--quiet", "--python", sys.executable, str(prefix)], check=True)
    install = [*UV, "pip", "install", "--quiet", "--python", str(prefix / "bin" / "python")]
    wanted = ["--constraint", LOCK, "--build-constraint", LOCK]
    wanted.append(f"metriccare[{','.join(extras)}] @ {wheel.as_uri()}")
    if subprocess.run([*install, "--offline", *wanted], capture_output=True, check=False).returncode != 0:
        subprocess.run([*install, *wanted], check=True)
