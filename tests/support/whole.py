"""What is counted over all rows of silver and bronze, without Spark: in parts, as its tasks do."""

from collections.abc import Mapping, Sequence
from typing import Any
from zlib import crc32

import pyarrow as pa

from metriccare.engine import Program, Reference
from metriccare.engine.schema import arrow_schema
from metriccare.quality import RECORD_COUNTS, SILVER_COUNTS

Row = Mapping[str, Any]
PARTS = 3
FILLED = {"source": "s", "is_live": True, "quality_flags": [], "codings": [], "diagnoses": []}


def silver_counts(**tables: Sequence[Row]) -> dict[str, pa.Table]:
    """Return what `SILVER_COUNTS` gives for rows of its tables; those of `stay` may have `encounter_ids`."""
    members = [
        {"source": stay.get("source", FILLED["source"]), "id": id}
        for stay in tables.get("stay", ())
        for id in stay.get("encounter_ids", ())
    ]
    return _in_parts(SILVER_COUNTS, tables | {"member": members})


def record_counts(records: Sequence[Row]) -> dict[str, pa.Table]:
    """Return what `RECORD_COUNTS` gives for rows of bronze.record."""
    return _in_parts(RECORD_COUNTS, {"record": records})


def _in_parts(program: Program, tables: Mapping[str, Sequence[Row]]) -> dict[str, pa.Table]:
    made = [
        program.run({name: _part(program, name, rows, part) for name, rows in tables.items()}, Reference())
        for part in range(PARTS)
    ]
    return {name: pa.concat_tables([one[name] for one in made]) for name in program.gives}


def _part(program: Program, name: str, rows: Sequence[Row], part: int) -> pa.Table:
    """Return the rows of one part: those of an id, or of a stay, are together."""
    ids = [row.get("id", row.get("stay_id", row.get("resource_id"))) for row in rows]
    mine = [
        FILLED | dict(row)
        for row, id in zip(rows, ids, strict=True)
        if crc32(str(id).encode()) % PARTS == part
    ]
    return pa.Table.from_pylist(mine, arrow_schema(program.takes[name]))
