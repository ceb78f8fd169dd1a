"""Hudi tables without a JVM, for tests of what reads them: copy-on-write, one commit, the files written by PyArrow."""

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from metriccare.definitions.tables import Table
from metriccare.settings import Lake

INSTANT = "20250101000000000"
COLUMN = re.compile(r"(\w+)\s+(MAP<STRING, BIGINT>|ARRAY<STRING>|\w+)")
# What Arrow and Avro call a type of Spark.
TYPES: dict[str, tuple[pa.DataType, Any]] = {
    "STRING": (pa.string(), "string"),
    "BIGINT": (pa.int64(), "long"),
    "DOUBLE": (pa.float64(), "double"),
    "BOOLEAN": (pa.bool_(), "boolean"),
    "DATE": (pa.date32(), {"type": "int", "logicalType": "date"}),
    "TIMESTAMP": (pa.timestamp("us", "UTC"), {"type": "long", "logicalType": "timestamp-micros"}),
    "ARRAY<STRING>": (pa.list_(pa.string()), {"type": "array", "items": ["null", "string"]}),
    "MAP<STRING, BIGINT>": (pa.map_(pa.string(), pa.int64()), {"type": "map", "values": ["null", "long"]}),
}
PROPERTIES = """hoodie.table.name={name}
hoodie.table.type=COPY_ON_WRITE
hoodie.table.version=6
hoodie.timeline.layout.version=1
hoodie.table.base.file.format=PARQUET
hoodie.table.recordkey.fields={key}
hoodie.table.partition.fields={partition}
hoodie.datasource.write.hive_style_partitioning=true
hoodie.table.timeline.timezone=UTC
"""

Row = Mapping[str, Any]


def columns_of(ddl: str) -> list[tuple[str, str]]:
    """Return the columns of a flat schema, each with its type."""
    return COLUMN.findall(ddl)


def write_table(lake: Lake, table: Table, rows: Iterable[Row], columns_ddl: str = "") -> None:
    """Write a table, with all its columns or some; its key is the first one. What a row lacks is null."""
    folder, partition = Path(table.path(lake.root)), table.partition
    columns = columns_of(columns_ddl or table.columns)
    (folder / ".hoodie").mkdir(parents=True)
    by_path: dict[str, list[Row]] = {}
    for row in rows:
        by_path.setdefault(f"{partition}={row[partition]}" if partition else "", []).append(row)
    commit = {
        "partitionToWriteStats": {
            path: [_write_file(folder, path, columns, part)] for path, part in by_path.items()
        },
        "extraMetadata": {"schema": json.dumps(_avro(columns))},
        "operationType": "BULK_INSERT",
    }
    properties = PROPERTIES.format(name=folder.name, key=columns[0][0], partition=partition)
    (folder / ".hoodie" / "hoodie.properties").write_text(properties)
    for name, text in (("commit.requested", ""), ("inflight", ""), ("commit", json.dumps(commit))):
        (folder / ".hoodie" / f"{INSTANT}.{name}").write_text(text)


def _write_file(folder: Path, path: str, columns: list[tuple[str, str]], rows: list[Row]) -> dict[str, Any]:
    """Write one file with Hudi's own columns first; return what the commit notes of it."""
    group = path.replace("=", "-").replace("_", "-") or "all"  # an underscore parts a file's name
    name = f"{group}_0-0-0_{INSTANT}.parquet"
    own = {
        "_hoodie_commit_time": INSTANT,
        "_hoodie_commit_seqno": f"{INSTANT}_0_0",
        "_hoodie_record_key": "",
        "_hoodie_partition_path": path,
        "_hoodie_file_name": name,
    }
    schema = pa.schema([(one, pa.string()) for one in own] + [(one, TYPES[kind][0]) for one, kind in columns])
    found = [own | {"_hoodie_record_key": str(row.get(columns[0][0]))} | dict(row) for row in rows]
    (folder / path).mkdir(exist_ok=True)
    if path:
        (folder / path / ".hoodie_partition_metadata").write_text(f"commitTime={INSTANT}\npartitionDepth=1\n")
    pq.write_table(pa.Table.from_pylist(found, schema=schema), folder / path / name)
    return {
        "fileId": group,
        "path": f"{path}/{name}".removeprefix("/"),
        "prevCommit": "null",
        "partitionPath": path,
        "numWrites": len(found),
    }


def _avro(columns: list[tuple[str, str]]) -> dict[str, Any]:
    fields = [{"name": name, "type": ["null", TYPES[kind][1]], "default": None} for name, kind in columns]
    return {"type": "record", "name": "row", "fields": fields}
