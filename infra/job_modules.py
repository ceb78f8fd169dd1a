"""Packs the Python modules that the Glue jobs install: the package's wheel and the wheels of the jobs' lock.

    python infra/job_modules.py [FOLDER]

The archive NAME.gluewheels.zip is what AWS calls a zip of wheels, which Glue 5.0 installs with pip's `--no-index`: a
folder `wheels` with the wheels and a requirements.txt, here with a hash for each. The same wheels give the same bytes.
"""

import hashlib
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile, ZipInfo

import job_wheel

LOCK = job_wheel.GLUE / "requirements.lock"
ENDING = ".gluewheels.zip"
# Glue 5.0 runs CPython 3.11 on Amazon Linux 2023, which has glibc 2.34.
PLATFORMS = [f"manylinux_2_{minor}_x86_64" for minor in range(34, 4, -1)] + ["manylinux2014_x86_64"]
LONG_AGO = (1980, 1, 1, 0, 0, 0)


def pack(folder: Path) -> Path:
    """Build the archive into a folder; return its path. Wheels are downloaded where pip has them in no cache.

    Raises:
        SystemExit: a wheel could not be downloaded, or has another hash than the lock says.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        download(Path(scratch))
        own = job_wheel.build(Path(scratch))
        archive = folder / f"{'-'.join(own.name.split('-')[:2])}{ENDING}"
        return write(archive, sorted(Path(scratch).glob("*.whl")))


def download(folder: Path) -> None:
    """Download the wheels of the lock into a folder, for Glue's platform whatever this one is."""
    python = ["--python-version=3.11", "--implementation=cp", "--abi=cp311", "--abi=abi3", "--abi=none"]
    wanted = ["--no-deps", "--only-binary=:all:", "--require-hashes", f"--requirement={LOCK}"]
    quietly = ["--quiet", "--no-input", "--disable-pip-version-check", f"--dest={folder}"]
    command = [sys.executable, "-m", "pip", "download", *python, *wanted, *quietly]
    done = subprocess.run(  # noqa: S603
        [*command, *(f"--platform={platform}" for platform in PLATFORMS)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        sys.exit(f"The wheels of the Glue jobs could not be downloaded:\n{done.stderr}")


def write(archive: Path, wheels: list[Path]) -> Path:
    """Write the archive; wheels are compressed already. Return its path."""
    with ZipFile(archive, "w", ZIP_STORED) as zipped:
        pins = "".join(f"{_pin(wheel)}\n" for wheel in wheels)
        zipped.writestr(_entry("requirements.txt"), pins)
        for wheel in wheels:
            with wheel.open("rb") as source, zipped.open(_entry(wheel.name), "w") as target:
                shutil.copyfileobj(source, target)
    return archive


def _pin(wheel: Path) -> str:
    name, version = wheel.name.split("-")[:2]
    with wheel.open("rb") as file:
        return f"{name}=={version} --hash=sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"


def _entry(name: str) -> ZipInfo:
    entry = ZipInfo(f"wheels/{name}", LONG_AGO)
    entry.external_attr = 0o644 << 16
    return entry


if __name__ == "__main__":
    pack(Path(sys.argv[1]) if len(sys.argv) > 1 else job_wheel.ROOT / "dist")
