"""Writes the three lock files, and checks offline whether they match pyproject.toml.

`requirements.lock` pins every package; `requirements-run.lock` pins those that `make run` needs, and
`glue_job/requirements.lock` those that the Glue jobs install, with the same versions and hashes.

Usage: python -m tools.lock [--check]
"""

import hashlib
import json
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from packaging.requirements import Requirement

from tools import job_lock

ROOT = Path(__file__).parents[1]
ALL, RUN, JOBS = "requirements.lock", "requirements-run.lock", "glue_job/requirements.lock"
LOCKS = (ALL, RUN, JOBS)
OPTIONS = ["--quiet", "--python-version=3.11", "--generate-hashes", "--no-header", "--no-annotate"]
HEADER = "# In step with pyproject.toml: "
PIN = re.compile(r"([\w.-]+==[\w.+!]+(?: *;[^:@]+?)?)((?:\s+--hash=sha256:[0-9a-f]{64})*)\s*")
ADVICE = "run `make lock`, then `make install`"


def main(arguments: list[str]) -> int:
    """Write the locks, or print what is wrong with them (`--check`); return the exit status."""
    if arguments != ["--check"]:
        for name in LOCKS:
            write(name)
        return 0
    pyproject = (ROOT / "pyproject.toml").read_text()
    locks = {name: (ROOT / name).read_text() for name in LOCKS}
    findings = check_locks(pyproject, locks, job_lock.MODULES.read_text()) or check_installed(locks[ALL])
    for finding in findings:
        print(finding, file=sys.stderr)
    return 1 if findings else 0


def write(name: str) -> None:
    """Resolve one lock; packages that it already has keep their versions."""
    with tempfile.TemporaryDirectory() as folder:
        own = _contents(name, Path(folder))
        resolve = [sys.executable, "-m", "uv", "pip", "compile", "pyproject.toml", *own, *OPTIONS]
        subprocess.run([*resolve, f"--output-file={name}"], cwd=ROOT, check=True)  # noqa: S603
    modules = job_lock.MODULES.read_text() if name == JOBS else ""
    pyproject, body = (ROOT / "pyproject.toml").read_text(), (ROOT / name).read_text()
    (ROOT / name).write_text(sealed(pyproject, body, modules))


def _contents(name: str, folder: Path) -> list[str]:
    """Return the options of uv that say what is in a lock."""
    if name == ALL:
        return ["--universal", "--all-extras"]
    if name == RUN:
        return ["--universal", "--extra=run", f"--constraint={ALL}"]
    return job_lock.options(folder, list(_pins((ROOT / ALL).read_text())))


def sealed(pyproject: str, body: str, modules: str = "") -> str:
    """Return a lock whose first line has a hash of its body and of what it was resolved from.

    Args:
        pyproject: the project's dependencies.
        body: the pins.
        modules: for the lock of the jobs, what Glue provides.
    """
    data = tomllib.loads(pyproject)
    asked = [data["build-system"], data["project"]["dependencies"], data["project"]["optional-dependencies"]]
    digest = hashlib.sha256((json.dumps(asked, sort_keys=True) + modules + body).encode()).hexdigest()
    return f"{HEADER}{digest}\n{body}"


def check_locks(pyproject: str, locks: dict[str, str], modules: str = "") -> list[str]:
    """Return one sentence per finding: lines that are not hashed pins, else locks that do not match."""
    return (
        [finding for name, lock in locks.items() for finding in _wrong_lines(name, lock)]
        or [finding for name, lock in locks.items() for finding in _changed(name, pyproject, lock, modules)]
        or list(_not_in_all(locks))
    )


def check_installed(lock: str) -> list[str]:
    """Return one sentence per package that is not installed in the version of the lock."""
    pins = [Requirement(pin) for pin in _pins(lock)]
    here = [pin for pin in pins if pin.marker is None or pin.marker.evaluate()]
    return [
        f"{pin.name} {found or 'is not'} installed, {ALL} has {pin.specifier}; run `make install`."
        for pin in here
        if not pin.specifier.contains(found := _installed(pin.name), prereleases=True)
    ]


def _entries(lock: str) -> list[str]:
    lines = lock.replace("\\\n", " ").splitlines()
    return [line for line in lines if line.strip() and not line.startswith(HEADER)]


def _pins(lock: str) -> dict[str, str]:
    """Return the hashes, as text, of each pin."""
    return {found[1]: found[2] for entry in _entries(lock) if (found := PIN.fullmatch(entry))}


def _wrong_lines(name: str, lock: str) -> Iterator[str]:
    for entry in _entries(lock):
        found = PIN.fullmatch(entry)
        if not found:
            yield f"{name}: {entry.strip()!r} is not a pin; only `name==version` with hashes may be in a lock."
        elif not found[2]:
            yield f"{name}: {found[1].strip()} has no hash; {ADVICE}."


def _changed(name: str, pyproject: str, lock: str, modules: str) -> Iterator[str]:
    if lock != sealed(pyproject, lock.partition("\n")[2], modules if name == JOBS else ""):
        yield f"{name}: pyproject.toml or the lock was changed without `make lock`; {ADVICE}."


def _not_in_all(locks: dict[str, str]) -> Iterator[str]:
    known = {(pin.partition(";")[0].strip(), hashes) for pin, hashes in _pins(locks[ALL]).items()}
    for name in locks.keys() - {ALL}:
        for pin, hashes in _pins(locks[name]).items():
            if (pin.partition(";")[0].strip(), hashes) not in known:
                yield f"{name}: {pin} differs from {ALL}; {ADVICE}."


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
