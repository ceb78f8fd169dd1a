"""Compares two tables row by row, in any order: missing, extra, duplicate and different rows."""

from collections.abc import Sequence

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F
from pyspark.sql.types import ArrayType, DataType, DoubleType, MapType, StructType

MISSING, EXTRA, DOUBLED, DIFFERENT = "missing", "extra", "doubled", "different"
SHOWN = 5


def differences(
    found: DataFrame,
    expected: DataFrame,
    key: Sequence[str],
    ignored: Sequence[str] = (),
    *,
    tolerance: float = 0.0,
) -> DataFrame:
    """Return one row per key that differs between the two tables.

    The order of lists matters, that of map entries does not; null equals null, NaN equals NaN, and 0.0 equals -0.0.
    Columns that exist in one table only are not compared; `same` reports them.

    Args:
        found: the table to check.
        expected: the table it should equal.
        key: the columns that make up the key; they may be null.
        ignored: columns that need not be the same.
        tolerance: how far doubles may be apart, as a share of the greater one, since the order of a sum changes its
            last bits. Holds for columns that are doubles, not for those within structs and lists. 0 means equal.

    Returns:
        The key, `kind` (missing, extra, doubled, different) and `columns`, the names of those that differ.
    """
    types = {field.name: field.dataType for field in expected.schema.fields}
    compared = [name for name in found.columns if name in types and name not in (*key, *ignored)]
    sides = [_side(rows, key, compared, types) for rows in (found, expected)]
    is_same = [F.col(f"f.{name}").eqNullSafe(F.col(f"e.{name}")) for name in key]
    joined = sides[0].alias("f").join(sides[1].alias("e"), is_same, how="full")
    named = [F.coalesce(F.col(f"f.{name}"), F.col(f"e.{name}")).alias(name) for name in key]
    unlike = (F.when(~_is_same(name, types[name], tolerance), F.lit(name)) for name in compared)
    other = F.array_compact(F.array(F.lit(None).cast("string"), *unlike))
    kind = (
        F.when(F.col("f._count_").isNull(), F.lit(MISSING))
        .when(F.col("e._count_").isNull(), F.lit(EXTRA))
        .when((F.col("f._count_") > 1) | (F.col("e._count_") > 1), F.lit(DOUBLED))
        .when(F.size(other) > 0, F.lit(DIFFERENT))
    )
    columns = F.when(kind == DIFFERENT, other).otherwise(F.array().cast("array<string>"))
    return joined.select(*named, kind.alias("kind"), columns.alias("columns")).filter("kind is not null")


def same(
    found: DataFrame,
    expected: DataFrame,
    key: Sequence[str],
    ignored: Sequence[str] = (),
    *,
    tolerance: float = 0.0,
) -> list[str]:
    """Return a sentence per kind of difference, with its count and the first keys; none if the tables are equal.

    Args:
        found: the table to check.
        expected: the table it should equal.
        key: the columns that make up the key; they may be null.
        ignored: columns that may differ.
        tolerance: relative tolerance for doubles, see `differences`.
    """
    rows = differences(found, expected, key, ignored, tolerance=tolerance)
    name = F.concat_ws("/", *(F.coalesce(F.col(column).cast("string"), F.lit("null")) for column in key))
    place = F.row_number().over(Window.partitionBy("kind").orderBy("name"))
    shown = rows.select("kind", "columns", name.alias("name")).withColumn("place", place)
    counted = shown.groupBy("kind").agg(
        F.count("*").alias("count"),
        F.array_sort(F.collect_list(F.when(F.col("place") <= SHOWN, F.col("name")))).alias("keys"),
        F.array_sort(F.array_distinct(F.flatten(F.collect_set("columns")))).alias("columns"),
    )
    return _columns_of_one_side(found, expected, ignored) + [
        _sentence(row["kind"], row["count"], row["keys"], row["columns"])
        for row in counted.orderBy("kind").collect()
    ]


def _columns_of_one_side(found: DataFrame, expected: DataFrame, ignored: Sequence[str]) -> list[str]:
    actual, wanted = ({*rows.columns} - {*ignored} for rows in (found, expected))
    parts = {"missing": wanted - actual, "unexpected": actual - wanted}
    return [f"columns are {what} ({', '.join(sorted(names))})" for what, names in parts.items() if names]


def _sentence(kind: str, count: int, keys: list[str], columns: list[str]) -> str:
    row, are, differ = ("row", "is", "differs") if count == 1 else ("rows", "are", "differ")
    what = {
        MISSING: f"{row} {are} missing",
        EXTRA: f"{row} {are} unexpected",
        DOUBLED: f"{'key' if count == 1 else 'keys'} {are} duplicated",
        DIFFERENT: f"{row} {differ} in {', '.join(columns)}",
    }[kind]
    more = ", …" if count > len(keys) else ""
    return f"{count:,} {what} ({', '.join(keys)}{more})"


def _side(
    rows: DataFrame, key: Sequence[str], compared: Sequence[str], types: dict[str, DataType]
) -> DataFrame:
    """Reduce each key to one row: the number of its rows, and a comparable form of every column."""
    firsts = [F.first(_comparable(F.col(name), types[name])).alias(f"_{name}") for name in compared]
    return rows.groupBy(*key).agg(F.count("*").alias("_count_"), *firsts)


def _is_same(name: str, kind: DataType, tolerance: float) -> Column:
    found, expected = F.col(f"f._{name}"), F.col(f"e._{name}")
    if not tolerance or not isinstance(kind, DoubleType):
        return found.eqNullSafe(expected)
    limit = F.lit(tolerance) * F.greatest(F.abs(found), F.abs(expected))
    is_finite = limit < F.lit(float("inf"))  # NaN sorts above all values, and nothing is close to infinity
    return found.eqNullSafe(expected) | F.coalesce(
        is_finite & (F.abs(found - expected) <= limit), F.lit(False)
    )


def _comparable(column: Column, kind: DataType) -> Column:
    """Return a column that can be compared: maps become lists of their entries, in order, at any depth."""
    if not _holds_map(kind):
        return column
    if isinstance(kind, MapType):
        entries = F.map_entries(column)
        if _holds_map(kind.valueType):
            entries = F.transform(
                entries,
                lambda one: F.struct(one["key"], _comparable(one["value"], kind.valueType).alias("value")),
            )
        return F.array_sort(entries)
    if isinstance(kind, ArrayType):
        return F.transform(column, lambda one: _comparable(one, kind.elementType))
    if isinstance(kind, StructType):
        parts = [_comparable(column[field.name], field.dataType).alias(field.name) for field in kind.fields]
        return F.when(column.isNotNull(), F.struct(*parts))
    return column


def _holds_map(kind: DataType) -> bool:
    if isinstance(kind, StructType):
        return any(_holds_map(field.dataType) for field in kind.fields)
    return isinstance(kind, MapType) or (isinstance(kind, ArrayType) and _holds_map(kind.elementType))
