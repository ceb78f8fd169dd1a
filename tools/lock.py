"""Writes the two lock files, and checks offline whether they match pyproject.toml.

`requirements.lock` pins every package; `requirements-run.lock` pins those that `make run` needs, with the same versions
and hashes.

Usage: python -m tools.lock [--check]
"""

import hashlib
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
ALL, RUN = "requirements.lock", "requirements-run.lock"
CONTENTS = {ALL: ["--all-extras"], RUN: ["--extra=run", f"--constraint={ALL}"]}
OPTIONS = [
    "--quiet",
    "--universal",
    "--python-version=3.11",
    "--generate-hashes",
    "--no-header",
    "--no-annotate",
]
HEADER = "# In step with pyproject.toml: "
PIN = re.compile(r"([\w.-]+==[\w.+!]+(?: *;[^:@]+?)?)((?:\s+--hash=sha256:[0-9a-f]{64})*)\s*")
ADVICE = "run `make lock`, then `make install`"


def main(arguments: list[str]) -> int:
    """Write the locks, or print what is wrong with them (`--check`); return the exit status."""
    if arguments != ["--check"]:
        for name in CONTENTS:
            write(name)
        return 0
    pyproject = (ROOT / "pyproject.toml").read_text()
    locks = {name: (ROOT / name).read_text() for name in CONTENTS}
    findings = check_locks(pyproject, locks) or check_installed(locks[ALL])
    for finding in findings:
        print(finding, file=sys.stderr)
    return 1 if findings else 0


def write(name: str) -> None:
    """Resolve one lock; packages that it already has keep their versions."""
    resolve = [sys.executable, "-m", "uv", "pip", "compile", "pyproject.toml", *CONTENTS[name], *OPTIONS]
    subprocess.run([*resolve, f"--output-file={name}"], cwd=ROOT, check=True)  # noqa: S603
    (ROOT / name).write_text(sealed((ROOT / "pyproject.toml").read_text(), (ROOT / name).read_text()))


def sealed(pyproject: str, body: str) -> str:
    """Return a lock whose first line has a hash of its body and of the dependencies in pyproject.toml."""
    data = tomllib.loads(pyproject)
    asked = [data["build-system"], data["project"]["dependencies"], data["project"]["optional-dependencies"]]
    digest = hashlib.sha256((json.dumps(asked, sort_keys=True) + body).encode()).hexdigest()
    return f"{HEADER}{digest}\n{body}"


def check_locks(pyproject: str, locks: dict[str, str]) -> list[str]:
    """Return one sentence per finding: lines that are not hashed pins, else locks that do not match."""
    return (
        [finding for name, lock in locks.items() for finding in _wrong_lines(name, lock)]
        or [finding for name, lock in locks.items() for finding in _changed(name, pyproject, lock)]
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


def _changed(name: str, pyproject: str, lock: str) -> Iterator[str]:
    if lock != sealed(pyproject, lock.partition("\n")[2]):
        yield f"{name}: pyproject.toml or the lock was changed without `make lock`; {ADVICE}."


def _not_in_all(locks: dict[str, str]) -> Iterator[str]:
    known = {(pin.partition(";")[0].strip(), hashes) for pin, hashes in _pins(locks[ALL]).items()}
    for pin, hashes in _pins(locks[RUN]).items():
        if (pin.partition(";")[0].strip(), hashes) not in known:
            yield f"{RUN}: {pin} differs from {ALL}; {ADVICE}."


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
