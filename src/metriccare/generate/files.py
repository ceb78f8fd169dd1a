"""Writes a set so that it is there as a whole or not at all: into a staging folder, renamed at the end."""

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
    """Writes one folder of NDJSON parts, a fixed number of lines each; the first is there at once."""

    def __init__(self, folder: Path, part_size: int) -> None:
        folder.mkdir(parents=True)
        self._folder = folder
        self._part_size = part_size
        self.parts = 0
        self.lines = 0
        self._part = self._next_part()

    def write(self, resources: Iterable[dict[str, Any]]) -> None:
        """Append resources, one line each."""
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


class Target:
    """The folder of a set: the NDJSON files below `json/` and, once everything is there, `truth.json`.

    The files are `<type>/part-*.ndjson`, or with later deliveries `delivery=<number>/<type>/*.ndjson`.
    """

    def __init__(self, out: Path) -> None:
        self.out = out
        self.truth = out / TRUTH
        self.staging = out / _STAGING
        self.staged = self.staging / _JSON

    def parts(self) -> dict[str, int]:
        """Return the number of files there are, by resource type; deletions (Bundle) only where there are any."""
        counts = count_files(self.files())
        return {kind: counts[kind] for kind in ALL_FOLDERS if kind in FOLDERS or counts[kind]}

    def files(self, home: Path | None = None) -> list[Path]:
        """Return the files of a set, whatever its layout, in order; `home` is where they lie, else `json`."""
        home = home or self.out / _JSON
        plain = (path for folder in FOLDERS.values() for path in (home / folder).glob(_PARTS))
        return sorted([*plain, *home.glob(_DELIVERED)])

    def prepare(self) -> None:
        """Make an empty staging folder; what a killed run left in it goes.

        Raises:
            ParameterError: if the folder cannot be written.
        """
        try:
            self.clean()
            self.staging.mkdir(parents=True)
        except OSError as error:
            raise ParameterError(
                f"Cannot write to {self.out}: {error.strerror}. Choose a folder you may write to."
            ) from error

    def clean(self) -> None:
        """Remove what a killed run left behind."""
        shutil.rmtree(self.staging, ignore_errors=True)

    def publish(self) -> None:
        """Put the staged set in place of the old one: files first, truth.json last."""
        self.truth.unlink(missing_ok=True)
        for old in self.files():
            old.unlink()
        for folder in sorted((self.out / _JSON).glob(f"{_DELIVERY}/**/"), reverse=True):
            if not any(folder.iterdir()):
                folder.rmdir()
        for part in sorted(self.staged.rglob("*.ndjson")):
            home = self.out / _JSON / part.relative_to(self.staged)
            home.parent.mkdir(parents=True, exist_ok=True)
            part.rename(home)
        (self.staging / TRUTH).rename(self.truth)
        self.clean()


def count_files(files: Iterable[Path]) -> Counter[str]:
    """Return the number of files by resource type, which the name of their folder tells."""
    kinds = {folder: kind for kind, folder in ALL_FOLDERS.items()}
    return Counter(kinds[path.parent.name] for path in files if path.parent.name in kinds)
