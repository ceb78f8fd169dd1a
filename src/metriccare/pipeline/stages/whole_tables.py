"""What is counted over all rows of a lake: of every table the columns that count are read, of these the fields."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from metriccare import measures, quality
from metriccare.definitions.tables import (
    CONDITION,
    ENCOUNTER,
    INFECTION_EVENT,
    ORGANIZATION,
    PATIENT,
    RECORD,
    STAY,
    Table,
)
from metriccare.engine import Program, Reference
from metriccare.engine.here import THREADS, Parts, run_here
from metriccare.engine.on_spark import Input, collect_from_spark, estimated_bytes, narrowed
from metriccare.engine.schema import arrow_schema
from metriccare.lake.reader import read_parts, stored_bytes
from metriccare.lake.tables import SparkLake
from metriccare.pipeline.stages.kept_cells import MADE_OF

BYTES_HERE = 1_000_000_000  # of the tables' files; Spark reads larger ones
BYTES_PER_TASK = 16_000_000  # of the columns that are read, as Spark estimates them: some 50,000 rows


@dataclass(frozen=True)
class _Given:
    """Rows that a program is given.

    Attributes:
        table: of which table.
        id: the rows of a source that have the same value of this column are given together.
        each: a list; instead of each row its elements are given, as the column `id`.
    """

    table: Table
    id: str
    each: str = ""


def newest_discharge(lake: SparkLake) -> pa.Table:
    """Return what `measures.default_as_of` takes."""
    return _count(lake, measures.NEWEST_DISCHARGE, {"stay": _Given(STAY, "id")})["newest_discharge"]


def cells(lake: SparkLake, settled_on: date) -> dict[str, pa.Table]:
    """Return what `measures.CELLS` gives."""
    given = {name: _Given(table, "stay_id") for name, table in MADE_OF.items()}
    return _count(lake, measures.CELLS, given, Reference({"settled_on": settled_on}))


def names(lake: SparkLake) -> dict[str, pa.Table]:
    """Return what `measures.NAMES` gives."""
    given = {
        "code_name": _Given(INFECTION_EVENT, "stay_id"),
        "hospital_display": _Given(STAY, "id"),
        "organization_name": _Given(ORGANIZATION, "id"),
    }
    return _count(lake, measures.NAMES, given)


def silver_counts(lake: SparkLake) -> dict[str, pa.Table]:
    """Return what `quality.SILVER_COUNTS` gives."""
    given = {
        "patient": _Given(PATIENT, "id"),
        "encounter": _Given(ENCOUNTER, "id"),
        "condition": _Given(CONDITION, "id"),
        "organization": _Given(ORGANIZATION, "id"),
        "stay": _Given(STAY, "id"),
        "member": _Given(STAY, "id", each="encounter_ids"),
        "infection_event": _Given(INFECTION_EVENT, "stay_id"),
    }
    return _count(lake, quality.SILVER_COUNTS, given)


def record_counts(lake: SparkLake, to_instant: str) -> dict[str, pa.Table]:
    """Return what `quality.RECORD_COUNTS` gives for the commits of bronze up to an instant."""
    return _count(lake, quality.RECORD_COUNTS, {"record": _Given(RECORD, "resource_id")}, until=to_instant)


def _count(
    lake: SparkLake,
    program: Program,
    given: Mapping[str, _Given],
    reference: Reference | None = None,
    until: str = "",
) -> dict[str, pa.Table]:
    """Run a program on whole tables; several calls of it may each make their own sums."""
    reference = reference or Reference()
    size = sum(stored_bytes(lake.location, table) for table in {one.table for one in given.values()})
    if size > BYTES_HERE:
        return _on_spark(lake, program, given, reference, until)
    inputs = (_parts(lake, name, one, program.takes[name], until) for name, one in given.items())
    return run_here(program, inputs, reference, threads=THREADS)


def _parts(lake: SparkLake, name: str, given: _Given, ddl: str, until: str) -> Parts:
    if given.each:
        parts = read_parts(lake.location, given.table, ["source", given.each])
        return Parts(name, parts, f"SELECT source, unnest({given.each}) AS id FROM part")  # noqa: S608  (our name)
    return Parts(name, read_parts(lake.location, given.table, arrow_schema(ddl).names, until=until))


def _on_spark(
    lake: SparkLake, program: Program, given: Mapping[str, _Given], reference: Reference, until: str
) -> dict[str, pa.Table]:
    inputs = [
        Input(
            name,
            narrowed(_frame(lake, one, until), program.takes[name], "source", one.id),
            F.struct("source", one.id),
        )
        for name, one in given.items()
    ]
    tasks = 1 + sum(estimated_bytes(one.rows) for one in inputs) // BYTES_PER_TASK
    return collect_from_spark(program, inputs, reference, tasks=tasks)


def _frame(lake: SparkLake, given: _Given, until: str) -> DataFrame:
    rows = lake.read_until(given.table, until) if until else lake.read(given.table)
    return rows.selectExpr("source", f"explode({given.each}) AS id") if given.each else rows
