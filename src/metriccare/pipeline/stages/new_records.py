"""The records of bronze that silver has not taken: how many, of which types, and what is typed of them."""

from collections.abc import Mapping
from dataclasses import dataclass

from metriccare.definitions.tables import RECORD, RESOURCES
from metriccare.engine.here import choose
from metriccare.lake.deleted import Rows
from metriccare.lake.reader import read_parts
from metriccare.pipeline.stages.patient_changes import Touched
from metriccare.pipeline.stages.patient_links import Linked
from metriccare.settings import Lake

_FOUND = "resource_type STRING, rows BIGINT, has_unstamped BOOLEAN"
_COUNT = """
    SELECT resource_type, count(*) AS rows, bool_or(moment(last_updated) IS NULL) AS has_unstamped
    FROM part GROUP BY resource_type
"""


@dataclass(frozen=True)
class NewRecords:
    """The records of some commits of bronze, of the types that silver reads.

    Attributes:
        after: the last commit before them; empty for all records.
        until: the last of their commits.
        types: of which resource types they are, sorted.
        count: how many there are.
        has_unstamped: some have no readable `meta.lastUpdated`.
    """

    after: str
    until: str
    types: tuple[str, ...]
    count: int
    has_unstamped: bool


@dataclass(frozen=True)
class Typed:
    """What new records become.

    Attributes:
        tables: their new rows, by the name of the silver table.
        touched: the rows of `touched`, see `silver.DELIVERY`; some may come twice.
        linked: the live patients with a link among the new rows.
    """

    tables: Mapping[str, Rows]
    touched: list[Touched]
    linked: list[Linked]


def find_new_records(lake: Lake, after: str, until: str) -> NewRecords:
    """Count the records of the commits after one instant up to another (included)."""
    columns = ["resource_type", "last_updated"]
    found = choose(read_parts(lake, RECORD, columns, after=after, until=until), _COUNT, _FOUND).to_pylist()
    read = [one for one in found if one["resource_type"] in RESOURCES]
    return NewRecords(
        after,
        until,
        types=tuple(sorted({one["resource_type"] for one in read})),
        count=sum(one["rows"] for one in read),
        has_unstamped=any(one["has_unstamped"] for one in read),
    )
