"""A program: the steps of a layer function, with the tables that it takes and gives."""

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

from metriccare.engine.database import Database
from metriccare.engine.reference import Reference
from metriccare.engine.schema import arrow_schema
from metriccare.engine.step import Step


@dataclass(frozen=True)
class Program:
    """Rows in, rows out: it reads no table of a lake and no clock.

    Attributes:
        takes: the schema (Spark DDL) of each table that it is given, by name.
        steps: in order.
        gives: the schema of each table that it makes, by name.
    """

    takes: Mapping[str, str]
    steps: tuple[Step, ...]
    gives: Mapping[str, str]

    def run(self, tables: Mapping[str, pa.Table], reference: Reference) -> dict[str, pa.Table]:
        """Run the steps; a table that is not given is empty.

        Args:
            tables: the rows, by the names of `takes`.
            reference: what the steps look up.

        Returns:
            The tables of `gives`, each with exactly its columns.
        """
        with Database(reference) as database:
            for name, ddl in self.takes.items():
                database.put({name: tables[name] if name in tables else arrow_schema(ddl).empty_table()})
            database.make(self.steps)
            return {name: database.table(name, ddl) for name, ddl in self.gives.items()}
