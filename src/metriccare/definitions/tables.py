"""Every table of a lake: what it is called, its columns, its key and how it is laid out. The only list of them."""

import re
from dataclasses import dataclass
from enum import StrEnum

from metriccare.definitions.schemas import bronze, gold, silver

QUARANTINE = "_quarantine"  # the resource type, and so the partition, of records that bronze could not take

BUCKETS = 4  # for up to some millions of patients; docs/decisions/0003-table-layout.md says when to revisit


class Verified(StrEnum):
    """Which rows of a table `metriccare verify` compares with those of a rebuild."""

    NONE = "none"
    ALL = "all"
    AT_AS_OF = "at_as_of"  # earlier cuts stay as they were counted then


@dataclass(frozen=True)
class Table:
    """One table.

    Attributes:
        layer: bronze, silver or gold.
        name: within its layer; no other layer has a table of that name.
        columns: as Spark DDL.
        key: the columns of the record key.
        partition: the column of the partition, or empty.
        buckets: file groups of an upserted table; 0 for one that is appended to or replaced.
        verified: which rows `metriccare verify` compares.
    """

    layer: str
    name: str
    columns: str
    key: tuple[str, ...]
    partition: str = ""
    buckets: int = 0
    verified: Verified = Verified.ALL

    def __str__(self) -> str:
        """Return the name with its layer, e.g. `silver.stay`."""
        return f"{self.layer}.{self.name}"

    @property
    def column_names(self) -> tuple[str, ...]:
        """The names of its columns, in order."""
        flat, nested = self.columns, 1
        while nested:
            flat, nested = re.subn(r"<[^<>]*>", "", flat)
        return tuple(column.split()[0].strip("`") for column in flat.split(","))

    def path(self, root: str) -> str:
        """Return where the table is in the lake at `root`, e.g. `<root>/silver/stay`."""
        return f"{root}/{self.layer}/{self.name}"


def _resource(name: str, columns: str) -> Table:
    return Table("silver", name, columns, ("source", "id"), buckets=BUCKETS)


_RESULT = ("measure", "profile", "stratum", "stratum_value", "as_of")

RECORD = Table(
    "bronze",
    "record",
    bronze.BRONZE_RECORD,
    ("file_version", "position"),
    partition="resource_type",
    verified=Verified.NONE,
)

PATIENT = _resource("patient", silver.SILVER_PATIENT)
ENCOUNTER = _resource("encounter", silver.SILVER_ENCOUNTER)
CONDITION = _resource("condition", silver.SILVER_CONDITION)
ORGANIZATION = _resource("organization", silver.SILVER_ORGANIZATION)
STAY = Table("silver", "stay", silver.SILVER_STAY, ("source", "id"), buckets=BUCKETS)
PATIENT_CHANGE = Table(
    "silver", "patient_change", silver.SILVER_PATIENT_CHANGE, ("run_id", "id"), verified=Verified.NONE
)

STAY_MEASURE = Table(
    "gold", "stay_measure", gold.GOLD_STAY_MEASURE, ("source", "stay_id", "profile"), buckets=BUCKETS
)
INFECTION_EVENT = Table(
    "gold",
    "infection_event",
    gold.GOLD_INFECTION_EVENT,
    ("source", "stay_id", "condition_id", "profile"),
    buckets=BUCKETS,
)
PATIENT_DAY = Table(
    "gold", "patient_day", gold.GOLD_PATIENT_DAY, ("source", "stay_id", "month"), buckets=BUCKETS
)
MEASURE_RESULT = Table(
    "gold",
    "measure_result",
    gold.GOLD_MEASURE_RESULT,
    _RESULT,
    partition="as_of",
    verified=Verified.AT_AS_OF,
)
MEASURE_PUBLISHED = Table(
    "gold",
    "measure_published",
    gold.GOLD_MEASURE_RESULT,
    _RESULT,
    partition="as_of",
    verified=Verified.AT_AS_OF,
)
COVERAGE = Table("gold", "coverage", gold.GOLD_COVERAGE, ("source", "resource", "field"))
UNMAPPED_CODE = Table(
    "gold", "unmapped_code", gold.GOLD_UNMAPPED_CODE, ("source", "value_set", "system", "code")
)
RUN = Table("gold", "run", gold.GOLD_RUN, ("run_id",), verified=Verified.NONE)

TABLES = {
    str(table): table
    for table in (
        RECORD,
        PATIENT,
        ENCOUNTER,
        CONDITION,
        ORGANIZATION,
        STAY,
        PATIENT_CHANGE,
        STAY_MEASURE,
        INFECTION_EVENT,
        PATIENT_DAY,
        MEASURE_RESULT,
        MEASURE_PUBLISHED,
        COVERAGE,
        UNMAPPED_CODE,
        RUN,
    )
}  # by their full names, in the order in which data pass through them

RESOURCES = {
    "Patient": PATIENT,
    "Encounter": ENCOUNTER,
    "Condition": CONDITION,
    "Organization": ORGANIZATION,
}  # the silver table of each FHIR resource type that is read


def of_layer(layer: str) -> tuple[Table, ...]:
    """Return the tables of bronze, silver or gold."""
    return tuple(table for table in TABLES.values() if table.layer == layer)
