"""Packs the Lambda function: its own code, and what it imports of the package. The same content gives the same bytes.

    python infra/lambda_archive.py [ARCHIVE]

Terraform could only zip it with another provider. boto3 is part of Lambda's Python.
"""

import sys
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

ROOT = Path(__file__).resolve().parent.parent
ARCHIVE = ROOT / "dist" / "lambda_function.zip"
PACKAGED = (  # of metriccare: what the handler imports
    "__init__.py",
    "errors.py",
    "settings.py",
    "lake/__init__.py",
    "lake/raw_files.py",
    "lake/raw_folder.py",
    "lake/s3.py",
    "lake/ledger",
    "runtime/__init__.py",
    "runtime/aws.py",
    "runtime/aws_errors.py",
    "runtime/environment.py",
    "runtime/extras.py",
    "runtime/logs.py",
    "runtime/metrics.py",
)
LONG_AGO = (1980, 1, 1, 0, 0, 0)


def members() -> dict[str, Path]:
    """Return the files of the archive by their name there."""
    own, package = ROOT / "lambda_function", ROOT / "src"
    files = {path.relative_to(own): path for path in own.rglob("*.py")}
    for name in PACKAGED:
        found = package / "metriccare" / name
        paths = found.rglob("*.py") if found.is_dir() else [found]
        files |= {path.relative_to(package): path for path in paths}
    return {name.as_posix(): path for name, path in sorted(files.items())}


def pack(archive: Path) -> None:
    """Write the archive."""
    archive.parent.mkdir(parents=True, exist_ok=True)
    with ZipFile(archive, "w") as zipped:
        for name, path in members().items():
            entry = ZipInfo(name, LONG_AGO)
            entry.external_attr = 0o644 << 16
            entry.compress_type = ZIP_DEFLATED
            zipped.writestr(entry, path.read_bytes())


if __name__ == "__main__":
    pack(Path(sys.argv[1]) if len(sys.argv) > 1 else ARCHIVE)
