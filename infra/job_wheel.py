"""Builds the wheel of the Glue jobs: the package without what only a person's machine runs.

The generator, the HTML report and the endpoint for Glue sessions, which executes what it is sent, stay out; so do the
notebooks, since a job is given its own. The wheel has the same name as the whole one.
"""

import base64
import hashlib
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
GLUE = ROOT / "glue_job"
LEFT_OUT = (
    "metriccare/generate/",
    "metriccare/notebooks/",
    "metriccare/reporting/html_report.py",
    "metriccare/runtime/glue_sessions/",
)


def build(folder: Path) -> Path:
    """Build the wheel into a folder; return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as built:
        command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", built]
        done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)  # noqa: S603
        if done.returncode != 0:
            sys.exit(done.stdout + done.stderr)
        (whole,) = Path(built).glob("*.whl")
        return reduce(whole, folder / whole.name)


def reduce(whole: Path, target: Path) -> Path:
    """Copy a wheel without what is left out and without what a job cannot install; return the copy's path."""
    with ZipFile(whole) as source, ZipFile(target, "w") as wheel:
        metadata = b""
        # RECORD, which has a hash of the metadata, is the last entry of a wheel.
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename.startswith(LEFT_OUT):
                continue
            if entry.filename.endswith(".dist-info/METADATA"):
                content = metadata = "".join(_requirements_of_a_job(content.decode())).encode()
            elif entry.filename.endswith(".dist-info/RECORD"):
                content = "".join(_record(content.decode(), metadata)).encode()
            wheel.writestr(entry, content)
    return target


def _requirements_of_a_job(metadata: str) -> Iterator[str]:
    """Yield the lines of a wheel's metadata without requirements that neither the jobs' lock nor Glue has."""
    known = set(_names(GLUE / "requirements.lock")) | set(_names(GLUE / "glue-5.0-modules.txt"))
    for line in metadata.splitlines(keepends=True):
        field, _, value = line.partition(": ")
        if field != "Requires-Dist" or (" extra ==" not in value and _name(value) in known):
            yield line


def _names(pins: Path) -> Iterator[str]:
    return (_name(line.split()[0]) for line in pins.read_text().splitlines() if "==" in line)


def _name(requirement: str) -> str:
    return canonicalize_name(Requirement(requirement.strip()).name)


def _record(lines: str, metadata: bytes) -> Iterator[str]:
    """Yield the lines of RECORD for what is in the reduced wheel."""
    digest = base64.urlsafe_b64encode(hashlib.sha256(metadata).digest()).decode().rstrip("=")
    for line in lines.splitlines(keepends=True):
        name = line.partition(",")[0]
        if name.endswith(".dist-info/METADATA"):
            yield f"{name},sha256={digest},{len(metadata)}\n"
        elif not name.startswith(LEFT_OUT):
            yield line
