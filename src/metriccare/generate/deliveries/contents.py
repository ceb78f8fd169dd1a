"""Counts of the contents of one delivery, against which tests compare bronze."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from metriccare.generate.deliveries.item import REPEATED_FILE, Item


@dataclass
class Contents:
    """The counts of one delivery.

    Attributes:
        patients: patients with at least one line.
        resources: valid lines with a resource, by type.
        deletions: deleted resources, by type; a Bundle deletes one or more.
        corrupt: unreadable lines, by kind of damage.
        lines: all lines, by purpose.
        events: events that this delivery corrects.
    """

    patients: int = 0
    resources: Counter[str] = field(default_factory=Counter)
    deletions: Counter[str] = field(default_factory=Counter)
    corrupt: Counter[str] = field(default_factory=Counter)
    lines: Counter[str] = field(default_factory=Counter)
    events: Counter[str] = field(default_factory=Counter)

    def add(self, item: Item) -> None:
        """Count one line."""
        self.lines[item.kind] += 1
        if item.damage:
            self.corrupt[item.damage] += 1
        elif item.resource["resourceType"] == "Bundle":
            urls = (entry["request"]["url"] for entry in item.resource["entry"])
            self.deletions.update(url.partition("/")[0] for url in urls)
        else:
            self.resources[item.resource["resourceType"]] += 1

    def add_repeated_file(self, resource_type: str, lines: int) -> None:
        """Count the lines of a file that is sent again."""
        self.resources[resource_type] += lines
        self.lines[REPEATED_FILE] += lines

    def row(self, name: str, files: int) -> dict[str, Any]:
        """Return the counts in the form of truth.json."""
        counted = {
            kind: dict(sorted(getattr(self, kind).items()))
            for kind in ("resources", "deletions", "corrupt", "lines", "events")
        }
        return {"delivery": name, "patients": self.patients, "files": files, **counted}
