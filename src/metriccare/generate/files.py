"""Writes a set so that it is there as a whole or not at all: into a staging folder, renamed at the end."""

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from metriccare.errors import ParameterError

TRUTH = "truth.json"
FOLDERS = {"Patient": "patients", "Encounter": "encounters", "Condition": "conditions"}
_STAGING = ".generating"
_PARTS = "part-*.ndjson"


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
            if self._left == 0:
                self._part.close()
                self._part = self._next_part()
            self._part.write(orjson.dumps(resource, option=orjson.OPT_APPEND_NEWLINE))
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
    """The folder of a set: `json/<type>/part-*.ndjson` and, once everything is there, `truth.json`."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.truth = out / TRUTH
        self.staging = out / _STAGING

    def parts(self) -> dict[str, int]:
        """Return the number of parts there are, by resource type."""
        return {
            kind: len(list((self.out / "json" / folder).glob(_PARTS))) for kind, folder in FOLDERS.items()
        }

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
        """Put the staged set in place of the old one: parts first, truth.json last."""
        self.truth.unlink(missing_ok=True)
        for folder in FOLDERS.values():
            home = self.out / "json" / folder
            home.mkdir(parents=True, exist_ok=True)
            for old in home.glob(_PARTS):
                old.unlink()
            for part in sorted((self.staging / folder).glob(_PARTS)):
                part.rename(home / part.name)
        (self.staging / TRUTH).rename(self.truth)
        self.clean()
