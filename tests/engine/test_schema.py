"""Spark's DDL as DuckDB's types: every table of the registry, and texts that are no schema."""

import pytest

from metriccare.definitions.tables import TABLES, Table
from metriccare.engine import Database, Reference
from metriccare.engine.schema import arrow_schema, columns_of, select_list


@pytest.mark.parametrize("table", TABLES.values(), ids=str)
def test_the_columns_of_every_table_are_understood(table: Table) -> None:
    assert tuple(name for name, _ in columns_of(table.columns)) == table.column_names
    assert tuple(arrow_schema(table.columns).names) == table.column_names


def test_a_nested_type_keeps_names_and_order() -> None:
    ddl = "a ARRAY<STRUCT<`b`: STRING, c: MAP<STRING, BIGINT>>>, d STRUCT<e: ARRAY<DATE>>, f DECIMAL(38, 12)"
    assert dict(columns_of(ddl)) == {
        "a": 'STRUCT("b" VARCHAR, "c" MAP(VARCHAR, BIGINT))[]',
        "d": 'STRUCT("e" DATE[])',
        "f": "DECIMAL(38, 12)",
    }


@pytest.mark.parametrize("text", ["a DECIMAL", "a ARRAY<VARIANT>", "a STRING b STRING"])
def test_what_is_no_schema_of_ours_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="Not a"):
        columns_of(text)


def test_a_table_has_exactly_the_columns_of_its_schema_in_their_order() -> None:
    ddl = "b INT, a TIMESTAMP"
    with Database(Reference()) as database:
        made = database.select(
            f"SELECT {select_list(ddl)} FROM (SELECT '2025-01-01' AS a, 1 AS extra, '7' AS b)"
        )
    assert made.schema == arrow_schema(ddl)
    assert made.to_pylist()[0]["b"] == 7
