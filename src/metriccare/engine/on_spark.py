"""Runs a program in Spark's tasks: Spark moves the rows of a person into one task, DuckDB does the rest.

Python workers hold a task's rows outside the JVM's heap, at most `ROWS_PER_CALL` of them typed at a time.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial, reduce
from itertools import chain
from typing import Any

import pyarrow as pa
from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.pandas.serializers import ArrowStreamSerializer
from pyspark.sql.pandas.types import to_arrow_schema
from pyspark.sql.types import ArrayType, DataType, StructType

from metriccare.definitions.schemas.contract import struct_of
from metriccare.engine.packed import PACKETS, pack, packed, packets_of, tables_of, unpack, with_group
from metriccare.engine.program import Program
from metriccare.engine.reference import Reference
from metriccare.engine.schema import arrow_schema
from metriccare.engine.worker import settle

ROWS_PER_CALL = 150_000
ROWS_PER_PARTITION = 20_000  # of what this process sends to Spark
GROUPS_PER_TASK = 16  # a task with more rows than a call may hold is done in parts: whole groups


@dataclass(frozen=True)
class Input:
    """Rows of one table of a program.

    Attributes:
        table: what the program calls them; several inputs may be of one table.
        rows: with the columns of the program's schema.
        person: whose they are; the rows of a person are seen together, whichever table they are of.
    """

    table: str
    rows: DataFrame
    person: Column


def run_on_spark(
    program: Program,
    inputs: Iterable[Input],
    reference: Reference,
    *,
    tasks: int,
    everywhere: Mapping[str, pa.Table] | None = None,
    rows_per_call: int = ROWS_PER_CALL,
) -> dict[str, DataFrame]:
    """Run a program on the rows of each person, in one Spark job; its results are kept until they are dropped.

    Args:
        program: what is done; a row that it makes depends on rows of one person only.
        inputs: the rows.
        reference: what the steps look up.
        tasks: into how many tasks the persons are divided.
        everywhere: small tables of `program.takes` that every task is given whole.
        rows_per_call: a task with more rows is done in parts.

    Returns:
        The tables of `program.gives`.
    """
    made = _packets(program, inputs, reference, tasks, everywhere, rows_per_call).localCheckpoint()
    return {name: unpack(made, name, ddl) for name, ddl in program.gives.items()}


def collect_from_spark(
    program: Program,
    inputs: Iterable[Input],
    reference: Reference,
    *,
    tasks: int,
) -> dict[str, pa.Table]:
    """Run a program that makes few rows of many, such as sums, and return what all its calls have made.

    The arguments are those of `run_on_spark`. Every call makes its own sums; the caller adds them up.
    """
    packets = _packets(program, inputs, reference, tasks).select("table", "batch").collect()
    return tables_of(((row["table"], row["batch"]) for row in packets), program.gives)


def narrowed(rows: DataFrame, ddl: str, *more: str) -> DataFrame:
    """Return the columns of a schema, of nested ones only the fields that it has, so that Spark reads no others.

    A struct that is null becomes one of nulls, unless it has all fields.

    Args:
        rows: with all columns and fields of the schema.
        ddl: the schema.
        more: columns that are kept as well.
    """
    given = {field.name: field.dataType for field in rows.schema}
    wanted = struct_of(ddl).fields
    names = {field.name for field in wanted}
    return rows.select(
        *(name for name in more if name not in names),
        *(
            _narrow(F.col(field.name), given[field.name], field.dataType).alias(field.name)
            for field in wanted
        ),
    )


def _narrow(column: Column, given: DataType, wanted: DataType) -> Column:
    if isinstance(wanted, ArrayType) and isinstance(given, ArrayType) and _has_more(given, wanted):
        return F.transform(column, lambda one: _narrow(one, given.elementType, wanted.elementType))
    if isinstance(wanted, StructType) and isinstance(given, StructType) and _has_more(given, wanted):
        fields = (
            _narrow(column.getField(field.name), given[field.name].dataType, field.dataType).alias(field.name)
            for field in wanted
        )
        return F.struct(*fields)
    return column


def _has_more(given: DataType, wanted: DataType) -> bool:
    return given.simpleString() != wanted.simpleString()


def estimated_bytes(rows: DataFrame) -> int:
    """Return how many bytes Spark expects to read of the files for these rows, without starting a job."""
    plan: Any = rows._jdf.queryExecution().optimizedPlan()
    return int(plan.stats().sizeInBytes())


def from_frame(frame: DataFrame, ddl: str) -> pa.Table:
    """Return the rows of a small frame, in this process."""
    packets = pack(with_group(frame, ddl, F.lit(0)), "rows").select("table", "batch").collect()
    found = tables_of(((row["table"], row["batch"]) for row in packets), {"rows": ddl})["rows"]
    return found.cast(arrow_schema(ddl))


def to_frame(spark: SparkSession, rows: pa.Table, ddl: str) -> DataFrame:
    """Return the rows of a table of this process as a frame; every value stays what it is.

    They go to the JVM as Arrow batches, one per partition, as PySpark sends those of pandas, without a Python worker.
    """
    schema = struct_of(ddl)
    if not rows.num_rows:
        return spark.createDataFrame([], schema)
    batches = rows.cast(to_arrow_schema(schema)).combine_chunks().to_batches(max_chunksize=ROWS_PER_PARTITION)
    jvm: Any = spark._jvm
    java_batches = spark.sparkContext._serialize_to_jvm(
        batches,
        ArrowStreamSerializer(),
        jvm.PythonSQLUtils.readArrowStreamFromFile,
        jvm.ArrowIteratorServer,
    )
    frame = jvm.PythonSQLUtils.toDataFrame(java_batches, schema.json(), spark._jsparkSession)
    return DataFrame(frame, spark)


def _packets(
    program: Program,
    inputs: Iterable[Input],
    reference: Reference,
    tasks: int,
    everywhere: Mapping[str, pa.Table] | None = None,
    rows_per_call: int = ROWS_PER_CALL,
) -> DataFrame:
    """Return what the program makes, as packets."""
    groups = tasks * GROUPS_PER_TASK if tasks > 1 else 1
    work = _Work(program, reference, dict(everywhere or {}), rows_per_call)
    # In no more tasks than what follows: each costs more than to read a small file.
    grouped = [
        (
            one.table,
            with_group(one.rows.coalesce(tasks), program.takes[one.table], _group(one.person, groups)),
        )
        for one in inputs
    ]
    if len(grouped) == 1 and work.tables == {grouped[0][0]}:
        ((table, rows),) = grouped
        return rows.repartition(tasks, "group").mapInArrow(partial(work.on_rows, table=table), PACKETS)
    packets = reduce(DataFrame.unionByName, (pack(rows, table) for table, rows in grouped))
    return packets.repartition(tasks, "group").mapInArrow(work.on_packets, PACKETS)


def _group(person: Column, groups: int) -> Column:
    return F.pmod(F.hash(person), F.lit(groups))


@dataclass(frozen=True)
class _Work:
    """What a task does with the rows that it is given."""

    program: Program
    reference: Reference
    everywhere: dict[str, pa.Table]
    rows_per_call: int

    @property
    def tables(self) -> set[str]:
        """Which tables come in the batches."""
        return set(self.program.takes) - set(self.everywhere)

    def on_packets(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Run the program on packets of several tables."""
        schemas = {name: self.program.takes[name] for name in self.tables}
        for group, packets in _calls(batches, self.rows_per_call):
            yield from self._made(tables_of(packets, schemas), group)
        settle()

    def on_rows(self, batches: Iterable[pa.RecordBatch], table: str) -> Iterator[pa.RecordBatch]:
        """Run the program on the rows of one table, which are packed only where they are too many for one call."""
        held: list[pa.RecordBatch] = []
        count, arriving = 0, iter(batches)
        for batch in arriving:
            held.append(batch)
            count += batch.num_rows
            if count > self.rows_per_call:
                yield from self.on_packets(packed(chain(held, arriving), table))
                return
        if held:
            rows = pa.Table.from_batches(held).drop_columns(["group"])
            yield from self._made({table: rows}, 0)
        settle()

    def _made(self, tables: Mapping[str, pa.Table], group: int) -> Iterator[pa.RecordBatch]:
        return packets_of(self.program.run({**tables, **self.everywhere}, self.reference), group)


def _calls(
    batches: Iterable[pa.RecordBatch], rows_per_call: int
) -> Iterator[tuple[int, list[tuple[str, bytes]]]]:
    """Return the packets of a task in parts, each with its first group; a group is in one part, however large it is."""
    groups: dict[int, list[tuple[str, bytes]]] = {}
    rows: dict[int, int] = {}
    for batch in batches:
        for one in batch.to_pylist():
            groups.setdefault(one["group"], []).append((one["table"], one["batch"]))
            rows[one["group"]] = rows.get(one["group"], 0) + one["rows"]
    held: list[tuple[str, bytes]] = []
    count, first = 0, 0
    for group in sorted(groups):
        if held and count + rows[group] > rows_per_call:
            yield first, held
            held, count = [], 0
        if not held:
            first = group
        held.extend(groups.pop(group))
        count += rows[group]
    if held:
        yield first, held
