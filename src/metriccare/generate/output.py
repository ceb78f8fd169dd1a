"""Writes the resources of a dataset, one folder per type."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from metriccare.generate.files import FOLDERS, PartWriter
from metriccare.generate.plan import PatientPlan
from metriccare.generate.render.common import Resource
from metriccare.generate.rng import Rng

Rendered = tuple[Resource, list[Resource], list[Resource]]


@dataclass(frozen=True)
class Written:
    """Counts of what was written.

    Attributes:
        resources: resources in their final state, by type.
        parts: files by type.
        deliveries: contents of each delivery; empty if there is only one.
    """

    resources: dict[str, int]
    parts: dict[str, int]
    deliveries: list[dict[str, Any]] = field(default_factory=list)


class Output(Protocol):
    """Writes the resources, patient by patient."""

    def write(self, rng: Rng, plan: PatientPlan, rendered: Rendered) -> None:
        """Write the Patient, Encounters and Conditions of one patient."""
        ...

    def finish(self) -> Written:
        """Close the files and return what was written."""
        ...


class SingleDelivery:
    """Writes everything in one delivery: `<type>/part-*.ndjson`."""

    def __init__(self, folder: Path, part_size: int) -> None:
        self._writers = {kind: PartWriter(folder / name, part_size) for kind, name in FOLDERS.items()}

    def write(self, rng: Rng, plan: PatientPlan, rendered: Rendered) -> None:
        """Write the Patient, Encounters and Conditions of one patient."""
        patient, encounters, conditions = rendered
        self._writers["Patient"].write((patient,))
        self._writers["Encounter"].write(encounters)
        self._writers["Condition"].write(conditions)

    def finish(self) -> Written:
        """Close the files and return what was written."""
        for writer in self._writers.values():
            writer.close()
        return Written(
            resources={kind: writer.lines for kind, writer in self._writers.items()},
            parts={kind: writer.parts for kind, writer in self._writers.items()},
        )
