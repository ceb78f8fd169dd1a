"""Rows in packets: an Arrow batch as bytes, which Spark moves without looking at its columns.

A frame of packets has the columns `group`, `table`, `rows` (how many) and `batch`. Rows of one group go together.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial

import pyarrow as pa
import pyarrow.compute as pc
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from metriccare.engine.schema import arrow_schema
from metriccare.engine.worker import settle

PACKETS = "`group` INT, `table` STRING, `rows` INT, `batch` BINARY"
ROWS_AT_ONCE = 100_000  # a worker packs what it has read when it is that much
ROWS_PER_PACKET = 10_000
# The packets of all tables of a program are scanned for each table.
_COMPRESSED = pa.ipc.IpcWriteOptions(compression="lz4")
_SCHEMA = pa.schema(
    [("group", pa.int32()), ("table", pa.string()), ("rows", pa.int32()), ("batch", pa.binary())]
)


def with_group(frame: DataFrame, ddl: str, group: Column) -> DataFrame:
    """Return the columns of a schema, and which group a row is of, a number, as the column `group`."""
    names = arrow_schema(ddl).names
    return frame.select(group.cast("int").alias("group"), *(F.col(f"`{name}`") for name in names))


def pack(frame: DataFrame, table: str) -> DataFrame:
    """Return the rows of a frame in packets.

    Args:
        frame: of `with_group`.
        table: what the rows are called in a program.
    """
    return frame.mapInArrow(partial(_pack, table=table), PACKETS)


def unpack(packets: DataFrame, table: str, ddl: str) -> DataFrame:
    """Return the rows that packets hold of one table."""
    mine = packets.filter(F.col("table") == table).select("batch")
    return mine.mapInArrow(partial(_unpacked, ddl=ddl), ddl)


def packets_of(tables: Mapping[str, pa.Table], group: int) -> Iterator[pa.RecordBatch]:
    """Return tables as packets of one group."""
    for name, rows in tables.items():
        for batch in rows.combine_chunks().to_batches(max_chunksize=ROWS_PER_PACKET):
            yield _packet(group, name, batch)


def tables_of(packets: Iterable[tuple[str, bytes]], schemas: Mapping[str, str]) -> dict[str, pa.Table]:
    """Return the tables that packets (name of the table, batch) hold; one without any is empty."""
    found: dict[str, list[pa.RecordBatch]] = {name: [] for name in schemas}
    for name, batch in packets:
        found[name].append(_read(batch))
    return {
        name: pa.Table.from_batches(found[name]) if found[name] else arrow_schema(ddl).empty_table()
        for name, ddl in schemas.items()
    }


def _pack(batches: Iterable[pa.RecordBatch], table: str) -> Iterator[pa.RecordBatch]:
    yield from packed(batches, table)
    settle()


def packed(batches: Iterable[pa.RecordBatch], table: str) -> Iterator[pa.RecordBatch]:
    """Return rows as packets of one group each.

    Args:
        batches: the rows, with the column `group`.
        table: what the rows are called in a program.
    """
    held: list[pa.RecordBatch] = []
    count = 0
    for batch in batches:
        held.append(batch)
        count += batch.num_rows
        if count >= ROWS_AT_ONCE:
            yield from _by_group(held, table)
            held, count = [], 0
    if count:
        yield from _by_group(held, table)


def _by_group(held: list[pa.RecordBatch], table: str) -> Iterator[pa.RecordBatch]:
    rows = pa.Table.from_batches(held).combine_chunks()
    ordered = rows.take(pc.sort_indices(rows["group"]))
    groups = pc.run_end_encode(ordered["group"].combine_chunks())
    values, begin = ordered.drop_columns(["group"]), 0
    for group, end in zip(groups.values.to_pylist(), groups.run_ends.to_pylist(), strict=True):
        for batch in (
            values.slice(begin, end - begin).combine_chunks().to_batches(max_chunksize=ROWS_PER_PACKET)
        ):
            yield _packet(group, table, batch)
        begin = end


def _packet(group: int, table: str, batch: pa.RecordBatch) -> pa.RecordBatch:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema, options=_COMPRESSED) as stream:
        stream.write_batch(batch)
    columns = [[group], [table], [batch.num_rows], [sink.getvalue().to_pybytes()]]
    arrays = [pa.array(column, field.type) for column, field in zip(columns, _SCHEMA, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=_SCHEMA)


def _read(packet: bytes) -> pa.RecordBatch:
    with pa.ipc.open_stream(packet) as stream:
        return stream.read_next_batch()


def _unpacked(batches: Iterable[pa.RecordBatch], ddl: str) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        for packet in batch["batch"]:
            yield _read(packet.as_buffer())
    settle()
