"""One situation from people's feeds, carried through the layers without storage or Spark."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa
from tests.support.builders import decide, silver_of
from tests.support.raw import read_records

from metriccare.definitions.profiles import ALL_ADULT
from metriccare.definitions.sources import NONE, Source, Sources
from metriccare.definitions.tables import QUARANTINE
from metriccare.engine import Reference
from metriccare.quality import SILVER_COUNTS
from metriccare.reporting.findings import findings

DATA = Path(__file__).parent / "data"
RECEIVED = datetime(2026, 1, 2, tzinfo=UTC)
AS_OF = date(2025, 12, 31)


class Case:
    """What becomes of the files of one or several sources, in the profile `all_adult`."""

    def __init__(self, *ids: str, timezone: str = "", **source: Any) -> None:
        """Read the folders `source=<id>`.

        Args:
            ids: of the cases that are read together.
            timezone: configured for all of them.
            source: what else is configured for each.
        """
        self._records = pa.concat_tables(read_records(DATA / f"source={id}", RECEIVED) for id in ids)
        given = {"timezone": timezone} | source
        self._sources = Sources({id: Source(**given) for id in ids}) if any(given.values()) else NONE

    @property
    def quarantined(self) -> Counter[str]:
        """The records in quarantine, by reason."""
        return Counter(
            row["reason_code"] for row in self._records.to_pylist() if row["resource_type"] == QUARANTINE
        )

    @property
    def reasons(self) -> str:
        return " ".join(row["reason"] or "" for row in self._records.to_pylist())

    @cached_property
    def silver(self) -> Any:
        return silver_of(self._records, self._sources)

    @cached_property
    def _gold(self) -> dict[str, pa.Table]:
        return decide(self.silver, AS_OF, self._sources, [ALL_ADULT])

    @property
    def stays(self) -> dict[str, dict[str, Any]]:
        """The rows of gold.stay_measure by the id of the stay, in order."""
        return {row["stay_id"]: row for row in sorted(self._gold["stay_measure"].to_pylist(), key=_id)}

    @property
    def infections(self) -> dict[str, str]:
        """The decision on each infection, by the id of the Condition."""
        return {row["condition_id"]: row["decision"] for row in self._gold["infection_event"].to_pylist()}

    def flags(self, table: str) -> dict[str, list[str]]:
        return {row.id: row.quality_flags for row in getattr(self.silver, table).collect()}

    def outcome(self, measure: str, stay: str) -> Any:
        """Return whether a stay has the event, or why it does not count."""
        return outcome(self.stays[stay][measure])

    def value(self, measure: str, stay: str) -> Any:
        return self.stays[stay][measure]["value"]

    @cached_property
    def _counts(self) -> dict[str, pa.Table]:
        typed = {name: getattr(self.silver, name).table for name in self.silver._fields}
        members = [
            {"source": stay["source"], "id": id}
            for stay in typed["stay"].to_pylist()
            for id in stay["encounter_ids"]
        ]
        member = pa.Table.from_pylist(members, pa.schema([("source", pa.string()), ("id", pa.string())]))
        given = typed | {"member": member, "infection_event": self._gold["infection_event"]}
        return SILVER_COUNTS.run(given, Reference())

    @property
    def unmapped(self) -> list[str]:
        return sorted(row["code"] for row in self._counts["unmapped_code"].to_pylist())

    @property
    def findings(self) -> str:
        return "\n".join(findings(self._counts["field_count"].to_pylist()))


def outcome(decision: Mapping[str, Any]) -> Any:
    return bool(decision["numerator"]) if decision["denominator"] else decision["exclusion"]


def _id(row: Mapping[str, Any]) -> str:
    return str(row["stay_id"])
