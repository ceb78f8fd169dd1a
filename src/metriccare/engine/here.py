"""Runs a program in this process, on rows that are read in parts: for little work, which Spark takes longer to plan."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pyarrow as pa

from metriccare.engine.database import Database
from metriccare.engine.program import Program
from metriccare.engine.reference import Reference

THREADS = os.cpu_count() or 1  # for many rows; a step over few takes longer in several


@dataclass(frozen=True)
class Parts:
    """Rows of one table of a program, read in parts, so that all of them are never in memory at once.

    Attributes:
        table: what the program calls them; several may be of one table.
        parts: the rows, with the columns of the program's schema; of nested columns they may have more fields.
        query: which of them are taken: a query over `part`, and over the tables that were given before.
    """

    table: str
    parts: Iterable[pa.Table]
    query: str = "FROM part"


def run_here(
    program: Program,
    inputs: Iterable[Parts],
    reference: Reference,
    *,
    whole: Mapping[str, pa.Table] | None = None,
    threads: int = 1,
) -> dict[str, pa.Table]:
    """Run a program on all rows in one call, and return the tables of `program.gives`.

    Args:
        program: what is done.
        inputs: the rows, in the order in which they are read.
        reference: what the steps look up.
        whole: small tables, of the program or for the queries of the inputs.
        threads: of DuckDB.
    """
    with Database(reference, threads) as database:
        for name, ddl in program.takes.items():
            database.create(name, ddl)
        database.put(whole or {})
        for given in inputs:
            for part in given.parts:
                database.insert(given.table, program.takes[given.table], part, given.query)
        database.make(program.steps)
        return {name: database.table(name, ddl) for name, ddl in program.gives.items()}


def choose(
    parts: Iterable[pa.Table], query: str, ddl: str, whole: Mapping[str, pa.Table] | None = None
) -> pa.Table:
    """Return some rows of a table that is read in parts.

    Args:
        parts: the rows.
        query: which of them, with the columns of the schema: a query over `part` and the tables of `whole`.
        ddl: the schema of what is returned.
        whole: small tables.
    """
    chosen = Program({"chosen": ddl}, (), {"chosen": ddl})
    return run_here(chosen, [Parts("chosen", parts, query)], Reference(), whole=whole)["chosen"]
