"""Unpacks the lake that MetricCare 0.1.0 wrote; see the README beside it."""

import tarfile
from pathlib import Path

from metriccare.settings import Lake

ARCHIVE = Path(__file__).parent / "lake_0.1.0.tar.xz"


def unpack(folder: Path) -> tuple[Lake, Path]:
    """Unpack into the folder; return the lake, and the raw folder it was read from."""
    with tarfile.open(ARCHIVE) as archive:
        archive.extractall(folder, filter="data")
    return Lake(str(folder / "lake")), folder / "raw"
