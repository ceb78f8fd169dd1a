"""Where the resources of a set go: into one folder for each type."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from metriccare.generate.draw import Draw
from metriccare.generate.files import FOLDERS, PartWriter
from metriccare.generate.plan import PatientPlan
from metriccare.generate.render.common import Resource

Rendered = tuple[Resource, list[Resource], list[Resource]]


@dataclass(frozen=True)
class Written:
    """What was written.

    Attributes:
        resources: resources of the last state, by type.
        parts: files by type.
        deliveries: what each delivery holds; empty for a set of one.
    """

    resources: dict[str, int]
    parts: dict[str, int]
    deliveries: list[dict[str, Any]] = field(default_factory=list)


class Output(Protocol):
    """Takes the resources of one patient after the other."""

    def write(self, draw: Draw, plan: PatientPlan, rendered: Rendered) -> None:
        """Write the Patient, the Encounters and the Conditions of one patient."""
        ...

    def finish(self) -> Written:
        """Close the files and tell what was written."""
        ...


class OneDelivery:
    """Writes everything once: `<type>/part-*.ndjson`."""

    def __init__(self, folder: Path, part_size: int) -> None:
        self._writers = {kind: PartWriter(folder / name, part_size) for kind, name in FOLDERS.items()}

    def write(self, draw: Draw, plan: PatientPlan, rendered: Rendered) -> None:
        """Write the Patient, the Encounters and the Conditions of one patient."""
        patient, encounters, conditions = rendered
        self._writers["Patient"].write((patient,))
        self._writers["Encounter"].write(encounters)
        self._writers["Condition"].write(conditions)

    def finish(self) -> Written:
        """Close the files and tell what was written."""
        for writer in self._writers.values():
            writer.close()
        return Written(
            resources={kind: writer.lines for kind, writer in self._writers.items()},
            parts={kind: writer.parts for kind, writer in self._writers.items()},
        )
