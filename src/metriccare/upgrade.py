"""A lake of version 0.1.0, which had no ledger, is brought to what this version expects.

Its bronze stays as it is; the files it was read from are noted as done. The tables of silver and gold that are laid
out in another way now are taken away, and made anew from bronze by the next run.
"""

import shutil
from datetime import UTC, datetime
from pathlib import Path

from metriccare.ledger import FileVersion, Lease, Ledger
from metriccare.reader import read_table
from metriccare.settings import Lake
from metriccare.storage import has_table

LAID_OUT_ANEW = {
    "silver": ("patient", "encounter", "condition", "organization", "stay"),
    "gold": ("stay_measure", "infection_event", "patient_day"),
}
NOTE, FORMAT = "lake", 1


def upgrade(lake: Lake, ledger: Ledger, lease: Lease) -> None:
    """Upgrade a lake that an earlier version has written; does nothing to others.

    A second process that finds the lake half upgraded does the same again.

    Args:
        lake: the lake.
        ledger: its ledger.
        lease: of the stage that is about to be written.

    Raises:
        LakeError: its bronze can't be read.
    """
    if ledger.state(NOTE):
        return
    if "://" not in lake.root and has_table(
        lake, "bronze", "record"
    ):  # this version notes the lake before it writes anything
        _note_files(lake, ledger, lease)
        for layer, names in LAID_OUT_ANEW.items():
            for name in names:
                shutil.rmtree(lake.table(layer, name), ignore_errors=True)
    ledger.set_state(lease, NOTE, {"format": FORMAT})


def _note_files(lake: Lake, ledger: Ledger, lease: Lease) -> None:
    """Note every file version that bronze holds as done, with the time it was first received."""
    columns = ("file_version", "file", "source", "received_at")
    read = read_table(lake, "bronze", "record", columns)
    first = read.group_by(list(columns[:3])).aggregate([("received_at", "min")]).to_pylist()
    by_time: dict[datetime, list[FileVersion]] = {}
    for row in first:
        received = row["received_at_min"].astimezone(UTC)
        version = FileVersion(row["file_version"], row["file"], row["source"], _size(row["file"]))
        by_time.setdefault(received, []).append(version)
    for received, files in by_time.items():
        ledger.register(files, received)
    ledger.claim(lease, "upgrade", [row["file_version"] for row in first])
    ledger.finish(lease, "upgrade")


def _size(path: str) -> int:
    try:
        return Path(path).stat().st_size
    except OSError:
        return 0  # the file is gone; bronze has its content
