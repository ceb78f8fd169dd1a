"""Reads tables of a lake without a JVM: for everything that only shows them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice

import pyarrow as pa
from hudi import HudiReadOptions, HudiTable, HudiTableBuilder

from metriccare.definitions.tables import RECORD, Table
from metriccare.errors import LakeError, StorageError
from metriccare.lake import s3
from metriccare.lake.storage import PROPERTIES, has_table
from metriccare.runtime.aws_errors import denied
from metriccare.settings import Lake, is_s3

Filter = tuple[str, str, str]

_COMMIT_TIME = "_hoodie_commit_time"
_ROWS_PER_BATCH = 1_024  # of a file with log files the reader gives no more
_BATCHES_PER_PART = 20


def read_table(
    lake: Lake,
    table: Table,
    columns: Sequence[str] | None = None,
    filters: Sequence[Filter] = (),
) -> pa.Table:
    """Return the newest state of a table, without Hudi's own columns.

    Args:
        lake: the lake.
        table: which.
        columns: the columns wanted, in this order; None means all.
        filters: conditions on columns that all must hold, e.g. `("stratum", "=", "all")`.

    Raises:
        LakeError: there is no such table yet, or it can't be read.
        StorageError: S3 can't be reached, or refuses to show the table.
    """
    with _opened(lake, table) as handle:
        return _read(handle, columns, filters)


def read_parts(
    lake: Lake,
    table: Table,
    columns: Sequence[str] | None = None,
    filters: Sequence[Filter] = (),
    *,
    after: str = "",
    until: str = "",
) -> Iterator[pa.Table]:
    """Yield the newest state of a table in parts of a bounded number of rows.

    Args:
        lake: the lake.
        table: which.
        columns: the columns wanted, in this order; None means those of the registry. One that the files lack is null.
        filters: conditions on columns that all must hold.
        after: only rows whose latest commit is later than this instant.
        until: only rows whose latest commit is not later than this instant.

    Raises:
        LakeError: there is no such table yet, or it can't be read.
        StorageError: S3 can't be reached, or refuses to show the table.
    """
    names = list(columns or table.column_names)
    commits = [(_COMMIT_TIME, ">", after)] * bool(after) + [(_COMMIT_TIME, "<=", until)] * bool(until)
    with _opened(lake, table) as handle:
        there = set(handle.get_schema_with_meta_fields().names)
        options = HudiReadOptions(
            filters=[*filters, *commits], projection=[name for name in names if name in there]
        ).with_batch_size(_ROWS_PER_BATCH)
        reader = handle.create_file_group_reader_with_options(options)
        batches = (
            batch
            for one in handle.get_file_slices(options)
            for batch in reader.read_file_slice_stream(one, options)
        )
        while together := list(islice(batches, _BATCHES_PER_PART)):
            yield _with_columns(pa.Table.from_batches(together), names)


def stored_bytes(lake: Lake, table: Table) -> int:
    """Return how many bytes the files have that make up the newest state of a table.

    Raises:
        LakeError: there is no such table yet, or it can't be read.
        StorageError: S3 can't be reached, or refuses to show the table.
    """
    with _opened(lake, table) as handle:
        return sum(one.total_size_bytes() for one in handle.get_file_slices())


def most_log_files(lake: Lake, table: Table) -> int:
    """Return how many log files a reader merges with a Parquet file of a table, at most; 0 if there is no table.

    Raises:
        LakeError: it can't be read.
        StorageError: S3 can't be reached, or refuses to show the table.
    """
    if not has_table(lake, table):
        return 0
    with _opened(lake, table) as handle:
        return max((len(one.log_file_names) for one in handle.get_file_slices()), default=0)


def _with_columns(rows: pa.Table, names: Sequence[str]) -> pa.Table:
    there = set(rows.column_names)
    columns = (rows[name] if name in there else pa.nulls(rows.num_rows) for name in names)
    return pa.table(dict(zip(names, columns, strict=True)))


def read_schema(lake: Lake, table: Table) -> pa.Schema:
    """Return the columns of a table with their types, without Hudi's own columns.

    Raises:
        LakeError: there is no such table yet, or it can't be read.
        StorageError: S3 can't be reached, or refuses to show the table.
    """
    with _opened(lake, table) as handle:
        return handle.get_schema()


@contextmanager
def _opened(lake: Lake, table: Table) -> Iterator[HudiTable]:
    """Open a table; what fails while it is open is reported in our words."""
    path = table.path(lake.root)
    if not has_table(lake, table):
        raise LakeError(f"There is no table {table} yet at {path}: run `metriccare run` first.")
    options = s3.reader_options(path) if is_s3(path) else {}
    with _instead_of_hudi_error(path, f"The table {table} at {path} can't be read. {_remedy(table)}"):
        yield HudiTableBuilder.from_base_uri(path).with_storage_options(options).build()


def _remedy(table: Table) -> str:
    """Return what heals a table whose files are damaged."""
    if table == RECORD:
        cure = "restore bronze from a backup (docs/operations.md#backup-and-restore)"
    else:
        cure = "`metriccare run --full-refresh` builds silver and gold again from bronze"
    return f"If no run is writing it, a file of it is damaged or missing: {cure}."


def _read(handle: HudiTable, columns: Sequence[str] | None, filters: Sequence[Filter]) -> pa.Table:
    schema = handle.get_schema()
    names = list(columns or schema.names)
    batches = handle.read(HudiReadOptions(filters=list(filters), projection=names))
    if not batches:
        return pa.schema([schema.field(name) for name in names]).empty_table()
    return pa.Table.from_batches(batches).select(names)


@contextmanager
def _instead_of_hudi_error(path: str, sentence: str) -> Iterator[None]:
    """Turn the reader's only exception, whose class it does not export, into one of ours."""
    try:
        yield
    except Exception as error:
        if type(error).__name__ != "HudiCoreError":
            raise
        if is_s3(path):
            _raise_if_refused(path, error)
        detail = "" if "not found" in str(error) else f" ({error})"
        raise LakeError(f"{sentence}{detail}") from error


def _raise_if_refused(path: str, error: Exception) -> None:
    """Raise a StorageError if S3 lets the table be seen but not read, e.g. because its key may not be used."""
    s3.read(f"{path}/{PROPERTIES}")  # boto3's error names what is missing
    if "403 Forbidden" in str(error):
        raise StorageError(f"{path} can't be used: {denied('s3:GetObject', f'{path}/*')}") from error
