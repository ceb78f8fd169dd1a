"""One DuckDB database in memory: tables in, steps over them, tables out."""

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from functools import cache
from importlib import resources

import duckdb
import pyarrow as pa

from metriccare.engine.reference import Reference
from metriccare.engine.schema import columns_of, select_list
from metriccare.engine.step import Step

MEMORY = "1GB"  # beyond that DuckDB spills to the disk
MACROS = resources.files(__package__).joinpath("macros.sql").read_text(encoding="utf-8")
_VARIABLES = """
SET VARIABLE categories = (SELECT map(list(value_set), list(known))
    FROM (SELECT value_set, map(list(key), list(category)) AS known FROM code GROUP BY value_set));
SET VARIABLE codes = (SELECT map(list(name), list(codes))
    FROM (SELECT if(grouping(category) = 1, value_set, concat(value_set, '/', category)) AS name,
                 list(code ORDER BY place) AS codes
          FROM code GROUP BY GROUPING SETS ((value_set, category), (value_set))));
"""


class Database(AbstractContextManager["Database"]):
    """A database for one call; a context manager. Instants are in UTC."""

    def __init__(self, reference: Reference, threads: int = 1) -> None:
        """Open one with the macros and the reference tables.

        Args:
            reference: what steps look up.
            threads: of DuckDB; one inside Spark's tasks, which run beside each other.
        """
        self._connection = duckdb.connect(config={"threads": threads, "memory_limit": MEMORY})
        self._connection.execute("SET TimeZone = 'UTC'; SET preserve_insertion_order = false")
        self.put(reference.tables)
        self._connection.execute(_VARIABLES)
        for name, value in reference.variables.items():
            self._connection.execute(f"SET VARIABLE {name} = $1", [value])
        self._connection.execute(MACROS)

    def put(self, tables: Mapping[str, pa.Table]) -> None:
        """Add tables, or replace those of the same name."""
        for name, rows in tables.items():
            self._connection.register("arriving", rows)
            self._connection.execute(f'CREATE OR REPLACE TEMP TABLE "{name}" AS FROM arriving')
            self._connection.unregister("arriving")

    def create(self, name: str, ddl: str) -> None:
        """Add an empty table."""
        columns = ", ".join(f'"{column}" {kind}' for column, kind in columns_of(ddl))
        self._connection.execute(f'CREATE OR REPLACE TEMP TABLE "{name}" ({columns})')

    def insert(self, name: str, ddl: str, part: pa.Table, query: str = "FROM part") -> None:
        """Add rows to a table.

        Args:
            name: the table.
            ddl: its schema; of nested columns only the fields that it has are kept.
            part: the rows to choose from.
            query: the rows that are added, with all columns of the schema: a query over `part` and other tables.
        """
        self._connection.register("part", part)
        self._connection.execute(f'INSERT INTO "{name}" SELECT {select_list(ddl)} FROM ({query})')  # noqa: S608  (a query of this package)
        self._connection.unregister("part")

    def make(self, steps: Iterable[Step]) -> None:
        """Make the table of each step, in order.

        Raises:
            duckdb.Error: a step failed; a note says which.
        """
        for step in steps:
            try:
                self._connection.execute(f'CREATE OR REPLACE TEMP TABLE "{step.name}" AS\n{step.select}')
            except duckdb.Error as error:
                error.add_note(f"In the step {step.name}.")
                raise

    def table(self, name: str, ddl: str) -> pa.Table:
        """Return a table with exactly the columns of a schema.

        Raises:
            duckdb.Error: a column is missing, or a value can't become the schema's type.
        """
        return self.select(f'FROM "{name}" SELECT {select_list(ddl)}')

    def select(self, query: str) -> pa.Table:
        """Return the rows of a query."""
        found: pa.Table = self._connection.sql(query).to_arrow_table()
        return found

    def close(self) -> None:
        """Free the memory."""
        self._connection.close()

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()


@cache
def known_zones() -> frozenset[str]:
    """Return the names of the time zones that DuckDB has data of. Python's own data may be newer, and know more."""
    with duckdb.connect() as connection:
        return frozenset(
            name for (name,) in connection.sql("SELECT name FROM pg_timezone_names()").fetchall()
        )
