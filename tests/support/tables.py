"""Arrow tables as tests like to look at them: filtered by a condition in SQL, read as rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import duckdb
import pyarrow as pa
from pyspark.sql import DataFrame, Row, SparkSession

from metriccare.definitions.tables import Table


@dataclass(frozen=True)
class Rows:
    """A table of a test lake."""

    table: pa.Table

    def filter(self, condition: str) -> "Rows":
        """Keep the rows that fulfil a condition in DuckDB's SQL."""
        rows = self.table  # noqa: F841  (DuckDB finds it by its name)
        return Rows(duckdb.sql(f"FROM rows WHERE {condition}").to_arrow_table().cast(self.table.schema))

    def of(self, stories: Iterable[str], column: str = "id") -> "Rows":
        """Keep the rows of some stories: those whose id begins with the name of one; all, if none is named."""
        names = [f"{name}." for name in stories]
        wanted = " OR ".join(f"starts_with({column}, '{name}')" for name in names)
        return self.filter(wanted) if names else self

    def collect(self) -> list[Row]:
        """Return the rows, structs as rows and maps as dictionaries."""
        kinds = {field.name: field.type for field in self.table.schema}
        return [
            Row(**{name: _value(value, kinds[name]) for name, value in row.items()})
            for row in self.table.to_pylist()
        ]

    def count(self) -> int:
        return self.table.num_rows

    @property
    def columns(self) -> list[str]:
        return list(self.table.column_names)


def _value(value: Any, kind: pa.DataType) -> Any:
    if value is None:
        return None
    if pa.types.is_struct(kind):
        return Row(**{part.name: _value(value[part.name], part.type) for part in kind})
    if pa.types.is_map(kind):
        return {key: _value(one, kind.item_type) for key, one in value}
    if pa.types.is_list(kind):
        return [_value(one, kind.value_type) for one in value]
    return value


def frame(spark: SparkSession, table: Table, rows: Rows) -> DataFrame:
    """Return rows of a table as Spark has them."""
    return spark.createDataFrame(rows.collect(), table.columns, verifySchema=False)
