"""The cells of the whole lake, kept from run to run, so that a small delivery does not add up all decisions.

They are a cache: one file beside the tables of gold, which says of which commits of these it was made. If the tables
have others by now (a run was interrupted, or wrote too much to subtract), or it can't be read, all is added up.
"""

import hashlib
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from metriccare import measures
from metriccare.definitions.measures import MEASURES
from metriccare.definitions.profiles import PROFILES
from metriccare.definitions.tables import TABLES
from metriccare.engine import MACROS, Reference
from metriccare.engine.here import THREADS, Parts, run_here
from metriccare.engine.schema import arrow_schema
from metriccare.errors import StorageError
from metriccare.lake import storage
from metriccare.lake.timeline import read_timeline
from metriccare.settings import Lake

log = logging.getLogger(__name__)

FILE = "gold/_cells"  # within the lake: the SHA-256 of the rest, and a Parquet file
MADE_OF = {name: TABLES[f"gold.{name}"] for name in measures.CELLS.takes}
LONGEST = timedelta(days=92)  # every day after the one they are settled on has cells of its own
_KEY = b"metriccare"
_DIGEST_BYTES = hashlib.sha256().digest_size

Cells = Mapping[str, pa.Table]


@dataclass(frozen=True)
class KeptCells:
    """The cells of all decisions.

    Attributes:
        settled_on: see `measures.CELLS`.
        commits: the latest change of each table that they were made of.
        cells: what `measures.CELLS` gives.
    """

    settled_on: date
    commits: Mapping[str, str]
    cells: Cells

    def are_of(self, as_of: date) -> bool:
        """Tell whether the results of a day can be made of them."""
        return self.settled_on <= as_of <= self.settled_on + LONGEST


def commits_of(lake: Lake) -> dict[str, str]:
    """Return the latest change of each table that cells are made of."""
    return {name: read_timeline(table.path(lake.root)).latest_change for name, table in MADE_OF.items()}


def load(lake: Lake) -> KeptCells | None:
    """Return the kept cells; None if there are none of the tables as they are."""
    try:
        content = storage.read(_place(lake))
    except (OSError, StorageError):
        return None
    digest, table = content[:_DIGEST_BYTES], content[_DIGEST_BYTES:]
    if hashlib.sha256(table).digest() != digest:
        return None
    rows = pq.read_table(pa.BufferReader(table))
    about = json.loads(rows.schema.metadata[_KEY])
    commits = commits_of(lake)
    if about["program"] != _program() or about["commits"] != commits:
        return None
    is_cell = pc.is_null(rows["billing_days"])
    parts = {"cell": rows.filter(is_cell), "billing_day": rows.filter(pc.invert(is_cell))}
    cells = {
        name: part.select(arrow_schema(measures.CELLS.gives[name]).names) for name, part in parts.items()
    }
    return KeptCells(date.fromisoformat(about["settled_on"]), commits, cells)


def save(lake: Lake, kept: KeptCells) -> None:
    """Keep cells. A place that refuses the file costs time in the next run, no number."""
    about = {"settled_on": str(kept.settled_on), "program": _program(), "commits": kept.commits}
    rows = pa.concat_tables([kept.cells["cell"], kept.cells["billing_day"]], promote_options="default")
    sink = pa.BufferOutputStream()
    pq.write_table(rows.replace_schema_metadata({_KEY: json.dumps(about)}), sink, compression="zstd")
    table = sink.getvalue().to_pybytes()
    try:
        storage.write(_place(lake), hashlib.sha256(table).digest() + table)
    except (OSError, StorageError) as error:
        log.warning("cells are not kept", extra={"error": type(error).__name__})


def changed(kept: KeptCells, before: Cells, now: Cells) -> KeptCells:
    """Return what is to be kept when the rows of some stays have changed; `commits` are still the former ones.

    Args:
        kept: the cells before that.
        before: the rows of these stays as they were, by the names of `measures.CELLS.takes`.
        now: the rows as they are.
    """
    former, new = (_added_up(rows, kept.settled_on) for rows in (before, now))
    inputs = [
        *(Parts(name, [kept.cells[name], new[name]]) for name in new),
        *(Parts(f"former_{name}", [part]) for name, part in former.items()),
    ]
    return replace(kept, cells=run_here(measures.CHANGED_CELLS, inputs, Reference(), threads=THREADS))


def _added_up(rows: Cells, settled_on: date) -> dict[str, pa.Table]:
    inputs = [Parts(name, [rows[name]]) for name in measures.CELLS.takes]
    return run_here(measures.CELLS, inputs, Reference({"settled_on": settled_on}))


def _place(lake: Lake) -> str:
    return f"{lake.root}/{FILE}"


def _program() -> str:
    """Return what tells cells from those that other rules have made."""
    rules = (
        MACROS,
        measures.CELLS.steps,
        measures.CELLS.gives,
        MEASURES,
        PROFILES,
        measures.DEFINITION_VERSION,
    )
    return hashlib.sha256(repr(rules).encode()).hexdigest()
