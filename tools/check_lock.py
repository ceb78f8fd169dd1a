"""Whether requirements.lock is in step with pyproject.toml, told without a network.

Usage: python -m tools.check_lock
"""

import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
ADVICE = "run `make lock`, then `make install`"
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")
PIN = re.compile(rf"[A-Za-z0-9][\w.-]*==[\w.+!]+(?: *;[^:@]+?)?(?:\s+{HASH.pattern})*")


def main() -> int:
    """Print every finding and return the exit status."""
    findings = check_lock((ROOT / "pyproject.toml").read_text(), (ROOT / "requirements.lock").read_text())
    for finding in findings:
        print(finding, file=sys.stderr)
    return 1 if findings else 0


def check_lock(pyproject: str, lock: str) -> list[str]:
    """Return one sentence per finding; a lock in step gives none."""
    if strange := list(_strange_lines(lock)):
        return strange
    wanted, locked = list(direct_requirements(pyproject)), list(locked_requirements(lock))
    return [*_unhashed(lock), *_missing(wanted, locked), *_superfluous(wanted, locked)]


def direct_requirements(pyproject: str) -> Iterator[Requirement]:
    """Yield what pyproject.toml asks for: to build, to run, and in its extras."""
    data = tomllib.loads(pyproject)
    project = data["project"]
    groups = [data["build-system"]["requires"], project["dependencies"]]
    for group in (*groups, *project["optional-dependencies"].values()):
        yield from map(Requirement, group)


def locked_requirements(lock: str) -> Iterator[Requirement]:
    """Yield the pins of a lock file."""
    for entry in _entries(lock):
        yield Requirement(entry.split("--hash", maxsplit=1)[0])


def _entries(lock: str) -> list[str]:
    return [line for line in lock.replace("\\\n", " ").splitlines() if line.strip()]


def _strange_lines(lock: str) -> Iterator[str]:
    for entry in _entries(lock):
        if not PIN.fullmatch(entry.strip()):
            yield f"requirements.lock: {entry.strip()!r} is no pin; only `name==version` and hashes may be there."


def _unhashed(lock: str) -> Iterator[str]:
    for entry in _entries(lock):
        if not HASH.search(entry):
            yield f"requirements.lock: {entry.split()[0]} has no hash; {ADVICE}."


def _missing(wanted: list[Requirement], locked: list[Requirement]) -> Iterator[str]:
    pins = {canonicalize_name(pin.name): pin for pin in locked if _holds_here(pin)}
    for requirement in wanted:
        pin = pins.get(canonicalize_name(requirement.name))
        if pin is None:
            yield f"requirements.lock: lacks {requirement.name} of pyproject.toml; {ADVICE}."
        elif not requirement.specifier.contains(_pinned(pin), prereleases=True):
            yield f"requirements.lock: {pin.name}{pin.specifier} is not {requirement} as pyproject.toml says; {ADVICE}."


def _superfluous(wanted: list[Requirement], locked: list[Requirement]) -> Iterator[str]:
    """Walk the installed packages' own requirements from those of pyproject.toml; what is not met is superfluous."""
    needed = _closure(wanted)
    for pin in locked:
        if not _holds_here(pin):
            continue
        name = canonicalize_name(pin.name)
        if name not in needed:
            yield f"requirements.lock: nothing needs {pin.name} any more; {ADVICE}."
        elif needed[name] != _pinned(pin):
            yield f"{pin.name} {needed[name]} is installed, requirements.lock has {_pinned(pin)}; run `make install`."


def _closure(wanted: list[Requirement]) -> dict[str, str]:
    """Return name and installed version of everything the requirements need on this machine."""
    found: dict[str, str] = {}
    seen: set[tuple[str, str]] = set()
    waiting = [(requirement, "") for requirement in wanted]
    while waiting:
        requirement, extra = waiting.pop()
        if requirement.marker and not requirement.marker.evaluate({"extra": extra}):
            continue
        name = canonicalize_name(requirement.name)
        for own_extra in ("", *requirement.extras):
            if (name, own_extra) not in seen:
                seen.add((name, own_extra))
                waiting += [(Requirement(text), own_extra) for text in _requires(name)]
        found[name] = _installed(name)
    return found


def _requires(name: str) -> list[str]:
    try:
        return requires(name) or []
    except PackageNotFoundError:
        return []


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "(nothing)"


def _pinned(pin: Requirement) -> str:
    return next(iter(pin.specifier)).version


def _holds_here(pin: Requirement) -> bool:
    return pin.marker is None or pin.marker.evaluate()


if __name__ == "__main__":
    sys.exit(main())
