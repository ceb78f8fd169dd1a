"""Builds the wheel that the Glue jobs install: the package without what only a person's machine runs.

    python infra/job_wheel.py [FOLDER]

The generator and the endpoint for Glue sessions, which executes what it is sent, stay out; so do the notebooks, since a
job is given its own. The wheel has the same name as the whole one.
"""

import subprocess
import sys
import tempfile
from pathlib import Path
from zipfile import ZipFile

ROOT = Path(__file__).resolve().parent.parent
LEFT_OUT = ("metriccare/generate/", "metriccare/runtime/glue_sessions/", "metriccare/notebooks/")


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
    """Copy a wheel without what is left out, and without its lines in RECORD; return the copy's path."""
    with ZipFile(whole) as source, ZipFile(target, "w") as wheel:
        for entry in source.infolist():
            if entry.filename.startswith(LEFT_OUT):
                continue
            content = source.read(entry)
            if entry.filename.endswith(".dist-info/RECORD"):
                lines = content.splitlines(keepends=True)
                content = b"".join(line for line in lines if not line.decode().startswith(LEFT_OUT))
            wheel.writestr(entry, content)
    return target


if __name__ == "__main__":
    build(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "dist")
