"""The Python of a Glue job: the modules that AWS says Glue 5.0 brings, and what the job installs there.

Building it takes half a minute and more downloads; what does not change with the package is kept in the user's cache.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from zipfile import ZipFile

from tests.infra.terraform import ROOT

MODULES = ROOT / "glue_job" / "glue-5.0-modules.txt"
LOCK = ROOT / "glue_job" / "requirements.lock"
PIP = "pip==22.3.1"  # of Python 3.11 on Amazon Linux 2023
OWN = "metriccare=="


def build_archive(folder: Path) -> Path:
    """Build the archive of wheels that Terraform uploads."""
    run(sys.executable, "infra/job_modules.py", folder)
    (archive,) = folder.glob("*.gluewheels.zip")
    return archive


def install(archive: Path, options: Sequence[str], folder: Path) -> Path:
    """Do with an archive what Glue does before a job starts; return the Python that runs the job.

    Args:
        archive: a .gluewheels.zip.
        options: for pip, from the job's `--python-modules-installer-option`.
        folder: for the environment.
    """
    ZipFile(archive).extractall(folder)
    wheels = folder / "wheels"
    python = make_environment(folder / "environment", glue(wheels, options))
    pip_install(python, wheels / "requirements.txt", wheels, options)
    return python


def glue(wheels: Path, options: Sequence[str]) -> Path:
    """Return the modules of Glue and, installed by its pip, all of the archive but the package's own wheel."""
    key = hashlib.sha256((MODULES.read_text() + LOCK.read_text() + PIP + " ".join(options)).encode())
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "metriccare"
    kept = cache / f"glue-5.0-{key.hexdigest()[:16]}"
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "glue-5.0.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            for outdated in cache.glob("glue-5.0-*"):
                shutil.rmtree(outdated)
            making = cache / f"glue-5.0-{os.getpid()}"
            python = make_environment(making)
            run(
                "uv",
                "pip",
                "install",
                "--quiet",
                "--no-deps",
                f"--python={python}",
                PIP,
                f"--requirement={MODULES}",
            )
            pins = (wheels / "requirements.txt").read_text().splitlines(keepends=True)
            lines = "".join(pin for pin in pins if not pin.startswith(OWN))
            (making / "requirements.txt").write_text(lines)
            pip_install(python, making / "requirements.txt", wheels, options)
            making.rename(kept)
    return kept


def pip_install(python: Path, requirements: Path, wheels: Path, options: Sequence[str]) -> None:
    """Install a requirements file from a folder of wheels."""
    quietly = ("--quiet", "--no-input", "--disable-pip-version-check")
    wanted = (*options, f"--requirement={requirements}")
    run(python, "-m", "pip", "install", *quietly, *wanted, PIP_FIND_LINKS=wheels.as_uri())


def make_environment(folder: Path, below: Path | None = None) -> Path:
    """Make an environment, in which the modules of another one can be imported too; return its Python."""
    run("uv", "venv", "--quiet", "--no-project", f"--python={sys.executable}", folder)
    if below:
        (site,) = folder.glob("lib/*/site-packages")
        (site / "below.pth").write_text(f"{next(below.glob('lib/*/site-packages'))}\n")
    return folder / "bin" / "python"


def run(*command: object, **variables: str) -> str:
    """Run a command in the project's folder, with the commands of this environment; return what it prints."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        list(map(str, command)),
        cwd=ROOT,
        env=os.environ | variables | {"PATH": path},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
