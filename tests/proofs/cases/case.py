"""Situations from people's feeds, carried through the layers without storage or Spark."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa
from tests.support.builders import Silver, decide, silver_of
from tests.support.raw import read_records

from metriccare import measures
from metriccare.definitions.profiles import ALL_ADULT
from metriccare.definitions.sources import NONE, Source, Sources
from metriccare.definitions.tables import QUARANTINE
from metriccare.engine import Reference
from metriccare.engine.schema import arrow_schema
from metriccare.quality import SILVER_COUNTS
from metriccare.reporting.findings import findings

DATA = Path(__file__).parent / "data"
RECEIVED = datetime(2026, 1, 2, tzinfo=UTC)
AS_OF = date(2025, 12, 31)


@dataclass(frozen=True)
class _Lake:
    """What the layers make of some cases, each a source of its own."""

    ids: tuple[str, ...]
    sources: Sources = NONE

    @cached_property
    def records(self) -> list[dict[str, Any]]:
        return self._records.to_pylist()

    @cached_property
    def _records(self) -> pa.Table:
        return pa.concat_tables(read_records(DATA / f"source={id}", RECEIVED) for id in self.ids)

    @cached_property
    def silver(self) -> Silver:
        return silver_of(self._records, self.sources)

    @cached_property
    def gold(self) -> dict[str, list[dict[str, Any]]]:
        made = decide(self.silver, AS_OF, self.sources, [ALL_ADULT])
        return {name: table.to_pylist() for name, table in made.items()}

    @cached_property
    def counts(self) -> dict[str, list[dict[str, Any]]]:
        typed = {name: getattr(self.silver, name).table for name in self.silver._fields}
        members = [
            {"source": stay["source"], "id": id}
            for stay in typed["stay"].to_pylist()
            for id in stay["encounter_ids"]
        ]
        member = pa.Table.from_pylist(members, pa.schema([("source", pa.string()), ("id", pa.string())]))
        events = pa.Table.from_pylist(
            self.gold["infection_event"], arrow_schema(measures.DECISIONS.gives["infection_event"])
        )
        found = SILVER_COUNTS.run(typed | {"member": member, "infection_event": events}, Reference())
        return {name: table.to_pylist() for name, table in found.items()}


@cache
def _everything() -> _Lake:
    return _Lake(tuple(sorted(path.name.removeprefix("source=") for path in DATA.iterdir())))


class Case:
    """What becomes of the files of one or several sources, in the profile `all_adult`."""

    def __init__(self, *ids: str, timezone: str = "") -> None:
        """Read the folders `source=<id>`.

        Args:
            ids: of the cases that belong together.
            timezone: configured for each; else the case is read with all others.
        """
        self._ids = ids
        configured = Sources({id: Source(timezone=timezone) for id in ids})
        self._lake = _Lake(ids, configured) if timezone else _everything()

    def _own(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [row for row in rows if row["source"] in self._ids]

    @property
    def quarantined(self) -> Counter[str]:
        """The records in quarantine, by reason."""
        rows = self._own(self._lake.records)
        return Counter(row["reason_code"] for row in rows if row["resource_type"] == QUARANTINE)

    @property
    def reasons(self) -> str:
        return " ".join(row["reason"] or "" for row in self._own(self._lake.records))

    @property
    def stays(self) -> dict[str, dict[str, Any]]:
        """The rows of gold.stay_measure by the id of the stay, in order."""
        return {row["stay_id"]: row for row in sorted(self._own(self._lake.gold["stay_measure"]), key=_id)}

    @property
    def infections(self) -> dict[str, str]:
        """The decision on each infection, by the id of the Condition."""
        return {row["condition_id"]: row["decision"] for row in self._own(self._lake.gold["infection_event"])}

    def flags(self, table: str) -> dict[str, list[str]]:
        rows = getattr(self._lake.silver, table).table.to_pylist()
        return {row["id"]: row["quality_flags"] for row in self._own(rows)}

    def outcome(self, measure: str, stay: str) -> Any:
        """Return whether a stay has the event, or why it does not count."""
        return outcome(self.stays[stay][measure])

    def value(self, measure: str, stay: str) -> Any:
        return self.stays[stay][measure]["value"]

    @property
    def unmapped(self) -> list[str]:
        return sorted(row["code"] for row in self._own(self._lake.counts["unmapped_code"]))

    @property
    def findings(self) -> str:
        return "\n".join(findings(self._own(self._lake.counts["field_count"])))


def outcome(decision: Mapping[str, Any]) -> Any:
    return bool(decision["numerator"]) if decision["denominator"] else decision["exclusion"]


def _id(row: Mapping[str, Any]) -> str:
    return str(row["stay_id"])
