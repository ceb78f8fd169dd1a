"""The columns of a table, as Spark prints a schema."""

import pyarrow as pa

from metriccare.definitions.tables import Table
from metriccare.lake.reader import read_schema
from metriccare.settings import Lake

# What Spark calls a type of Arrow; the others have the same name.
NAMES = {"bool": "boolean", "date32[day]": "date", "int32": "integer", "int64": "long", "list": "array"}


def columns_text(lake: Lake, table: Table) -> str:
    """Return one line per column of a table, in the order of the registry: its name, its type, and whether it is null.

    Args:
        lake: the lake.
        table: which; what a struct, an array or a map contains is left out.

    Raises:
        LakeError: there is no such table yet.
    """
    schema = read_schema(lake, table)
    there = [name for name in table.column_names if name in schema.names]
    return "\n".join(["root", *(_line(schema.field(name)) for name in there)])


def _line(field: pa.Field) -> str:
    return f" |-- {field.name}: {_type(field.type)} (nullable = {str(field.nullable).lower()})"


def _type(of: pa.DataType) -> str:
    name = str(of).partition("<")[0]
    return "timestamp" if pa.types.is_timestamp(of) else NAMES.get(name, name)
