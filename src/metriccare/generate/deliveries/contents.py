"""What one delivery holds, counted while it is written: so that a test can hold bronze to it."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from metriccare.generate.deliveries.item import REPEATED_FILE, Item


@dataclass
class Contents:
    """The counts of one delivery.

    Attributes:
        patients: patients of which something is sent.
        resources: sound lines that hold a resource, by type.
        deletions: resources that are deleted, by type; a Bundle deletes one or more.
        corrupt: lines that can't be read, by what is wrong with them.
        lines: all lines by what they are there for.
        events: events that this delivery puts right.
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
        """Count the lines of a file that comes again."""
        self.resources[resource_type] += lines
        self.lines[REPEATED_FILE] += lines

    def row(self, name: str, files: int) -> dict[str, Any]:
        """Return the counts as truth.json has them."""
        counted = {
            kind: dict(sorted(getattr(self, kind).items()))
            for kind in ("resources", "deletions", "corrupt", "lines", "events")
        }
        return {"delivery": name, "patients": self.patients, "files": files, **counted}
