"""The schemas of the tables, which are Spark DDL, as DuckDB's types: without a JVM."""

import re
from collections.abc import Iterator
from functools import cache

import duckdb
import pyarrow as pa

_TOKEN = re.compile(r"`[^`]+`|DECIMAL\(\d+, ?\d+\)|\w+|[<>:,]")
_TYPES = {
    "STRING": "VARCHAR",
    "BOOLEAN": "BOOLEAN",
    "INT": "INTEGER",
    "BIGINT": "BIGINT",
    "DOUBLE": "DOUBLE",
    "DATE": "DATE",
    "TIMESTAMP": "TIMESTAMPTZ",  # Spark's TIMESTAMP is an instant
    "BINARY": "BLOB",
}


@cache
def columns_of(ddl: str) -> tuple[tuple[str, str], ...]:
    """Return name and DuckDB type of each column of a schema, in its order.

    Raises:
        ValueError: the text is no DDL of the types that the tables have.
    """
    tokens = iter(_TOKEN.findall(ddl))
    columns = []
    for name in tokens:
        kind, end = _type(next(tokens), tokens)
        columns.append((name.strip("`"), kind))
        if end not in ("", ","):
            raise ValueError(f"Not a schema: {ddl!r}")
    return tuple(columns)


def select_list(ddl: str) -> str:
    """Return the list of a SELECT that gives exactly the columns of a schema, with its types and in its order."""
    return ", ".join(f'CAST("{name}" AS {kind}) AS "{name}"' for name, kind in columns_of(ddl))


def _type(word: str, tokens: Iterator[str]) -> tuple[str, str]:
    """Return the type that begins with `word`, and the token after it (empty at the end)."""
    if word not in ("ARRAY", "MAP", "STRUCT"):
        if word not in _TYPES and not word.startswith("DECIMAL("):
            raise ValueError(f"Not a type of the tables: {word!r}")
        return _TYPES.get(word, word), next(tokens, "")
    next(tokens)  # <
    parts: list[str] = []
    end = ","
    while end == ",":
        name = ""
        if word == "STRUCT":
            name = next(tokens).strip("`")
            next(tokens)  # :
        kind, end = _type(next(tokens), tokens)
        parts.append(f'"{name}" {kind}' if name else kind)
    written = {
        "ARRAY": f"{parts[0]}[]",
        "MAP": f"MAP({', '.join(parts)})",
        "STRUCT": f"STRUCT({', '.join(parts)})",
    }
    return written[word], next(tokens, "")


@cache
def arrow_schema(ddl: str) -> pa.Schema:
    """Return the Arrow schema of a table: that of Spark's own Arrow batches, but for what may be null."""
    nulls = ", ".join(f'CAST(NULL AS {kind}) AS "{name}"' for name, kind in columns_of(ddl))
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        found: pa.Table = connection.sql(f"SELECT {nulls}").to_arrow_table()
    return found.schema
