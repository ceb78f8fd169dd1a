"""Writes a dataset atomically: into a staging folder, whose files are renamed into place at the end."""

import shutil
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from metriccare.errors import ParameterError

TRUTH = "truth.json"
FOLDERS = {"Patient": "patients", "Encounter": "encounters", "Condition": "conditions"}
ALL_FOLDERS = {**FOLDERS, "Bundle": "deleted"}
_STAGING = ".generating"
_JSON = "json"
_PARTS = "part-*.ndjson"
_DELIVERY = "delivery=*"
_DELIVERED = f"{_DELIVERY}/*/*.ndjson"


class PartWriter:
    """Writes a folder of NDJSON parts with a fixed number of lines each; the first part is created at once."""

    def __init__(self, folder: Path, part_size: int) -> None:
        folder.mkdir(parents=True)
        self._folder = folder
        self._part_size = part_size
        self.parts = 0
        self.lines = 0
        self._part = self._next_part()

    def write(self, resources: Iterable[dict[str, Any]]) -> None:
        """Append resources, one per line."""
        for resource in resources:
            self.write_line(orjson.dumps(resource, option=orjson.OPT_APPEND_NEWLINE))

    def write_line(self, line: bytes) -> None:
        """Append a line that ends in a newline."""
        if self._left == 0:
            self._part.close()
            self._part = self._next_part()
        self._part.write(line)
        self.lines += 1
        self._left -= 1

    def close(self) -> None:
        """Close the last part."""
        self._part.close()

    def _next_part(self) -> BinaryIO:
        path = self._folder / f"part-{self.parts:05}.ndjson"
        self.parts += 1
        self._left = self._part_size
        return path.open("wb")


class DatasetFolder:
    """The folder of a dataset: the NDJSON files below `json/` and, once they are complete, `truth.json`.

    The files are `<type>/part-*.ndjson`, or `delivery=<number>/<type>/*.ndjson` with later deliveries.
    """

    def __init__(self, out: Path) -> None:
        self.out = out
        self.truth = out / TRUTH
        self.staging = out / _STAGING
        self.staged = self.staging / _JSON

    def parts(self) -> dict[str, int]:
        """Return the number of files by resource type; deletions (Bundle) are omitted if there are none."""
        counts = count_files(self.files())
        return {kind: counts[kind] for kind in ALL_FOLDERS if kind in FOLDERS or counts[kind]}

    def files(self, root: Path | None = None) -> list[Path]:
        """Return the dataset's files in order, whatever its layout; `root` is their folder, else `json`."""
        root = root or self.out / _JSON
        single = (path for folder in FOLDERS.values() for path in (root / folder).glob(_PARTS))
        return sorted([*single, *root.glob(_DELIVERED)])

    def prepare(self) -> None:
        """Create an empty staging folder, without files left by an interrupted run.

        Raises:
            ParameterError: the folder is not writable.
        """
        try:
            self.clean()
            self.staging.mkdir(parents=True)
        except OSError as error:
            raise ParameterError(
                f"Cannot write to {self.out}: {error.strerror}. Choose a writable folder."
            ) from error

    def clean(self) -> None:
        """Remove files left by an interrupted run."""
        shutil.rmtree(self.staging, ignore_errors=True)

    def publish(self) -> None:
        """Replace the old dataset with the staged one: files first, truth.json last."""
        self.truth.unlink(missing_ok=True)
        for old in self.files():
            old.unlink()
        for folder in sorted((self.out / _JSON).glob(f"{_DELIVERY}/**/"), reverse=True):
            if not any(folder.iterdir()):
                folder.rmdir()
        for part in sorted(self.staged.rglob("*.ndjson")):
            final = self.out / _JSON / part.relative_to(self.staged)
            final.parent.mkdir(parents=True, exist_ok=True)
            part.rename(final)
        (self.staging / TRUTH).rename(self.truth)
        self.clean()


def count_files(files: Iterable[Path]) -> Counter[str]:
    """Return the number of files by resource type, as given by the names of their folders."""
    kinds = {folder: kind for kind, folder in ALL_FOLDERS.items()}
    return Counter(kinds[path.parent.name] for path in files if path.parent.name in kinds)
