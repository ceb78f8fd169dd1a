from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import pytest

from metriccare.generate import Summary, generate

Resource = dict[str, Any]
FOLDERS = {"Patient": "patients", "Encounter": "encounters", "Condition": "conditions"}


@dataclass
class GeneratedDataset:
    """A dataset as read from disk: its resources by type and its truth."""

    out: Path
    summary: Summary
    truth: dict[str, Any]
    resources: dict[str, list[Resource]]

    @property
    def stays(self) -> list[dict[str, Any]]:
        return list(self.truth["stays"])

    def by_id(self, kind: str) -> dict[str, Resource]:
        return {resource["id"]: resource for resource in self.resources[kind]}

    def of_patient(self) -> Iterator[list[dict[str, Any]]]:
        """The labels of each patient's stays, in the order they were planned."""
        grouped: dict[str, list[dict[str, Any]]] = {}
        for stay in self.stays:
            grouped.setdefault(stay["patient_id"], []).append(stay)
        yield from grouped.values()


def make_dataset(out: Path, patients: int, seed: int) -> GeneratedDataset:
    summary = generate(patients, seed, out)
    resources = {
        kind: [
            orjson.loads(line)
            for part in sorted((out / "json" / folder).iterdir())
            for line in part.open("rb")
        ]
        for kind, folder in FOLDERS.items()
    }
    return GeneratedDataset(out, summary, orjson.loads((out / "truth.json").read_bytes()), resources)


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> GeneratedDataset:
    return make_dataset(tmp_path_factory.mktemp("small"), 200, 11)


@pytest.fixture(scope="session", params=[7, 8])
def thousand(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> GeneratedDataset:
    return make_dataset(tmp_path_factory.mktemp("thousand"), 1000, request.param)
