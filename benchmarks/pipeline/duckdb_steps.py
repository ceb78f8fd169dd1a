"""The steps of the DuckDB pipeline: the files in `sql/`, and reading and writing their tables as Parquet."""

import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from benchmarks.pipeline.tables import FileVersion, fresh_path, table_path

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

HERE = Path(__file__).parent
VALUE_SETS = HERE.parents[1] / "src" / "metriccare" / "definitions" / "value_sets"
RESOURCES = ("patient", "encounter", "condition")
MADE = ("stay", "infection_event", "stay_measure", "patient_day", "measure_result")
RAW = "record"
# DuckDB reads text lines as a CSV file with one column, separated by a character that JSON does not allow.
LINES = """
    SELECT filename, body FROM read_csv(
        getvariable('files'), columns = {'body': 'VARCHAR'}, delim = '\x01', quote = '', escape = '', header = false,
        auto_detect = false, filename = true, max_line_size = 16777216, ignore_errors = true)"""

Steps = dict[str, float]


class Options(NamedTuple):
    """The options of DuckDB and of a run.

    Attributes:
        threads: maximum number of threads; 0 means one per core.
        memory: DuckDB's own limit, e.g. `2GB`; empty means 80 % of the machine.
        as_of: the cut-off date; None means the newest discharge.
        received_at: orders the resources without a `lastUpdated`; None means now.
        keeps_raw: every line is also kept as received.
    """

    threads: int = 0
    memory: str = ""
    as_of: date | None = None
    received_at: datetime | None = None
    keeps_raw: bool = False


def refresh(lake: Path, files: list[FileVersion], options: Options) -> tuple[list[str], Steps]:
    """Read files, merge them into the current resources, and recompute the stays and measures.

    Args:
        lake: the folder of the tables; the new ones are not published yet.
        files: the files that are not in the tables yet.
        options: the options.

    Returns:
        The names of the tables that were written, and the seconds of each step.
    """
    steps: Steps = {}
    connection = connect(lake, files, options)
    for name in ("setting", "macro", "code", "record", "deletion", "version"):
        _timed(steps, name, run, connection, name)
    for name in RESOURCES:
        _timed(steps, f"newest {name}", merge, connection, lake, name)
    connection.execute("DROP TABLE record CASCADE")
    for name in ("survivor", "segment", "member", "diagnosis", "stay", "infection", "decision", "result"):
        _timed(steps, name, run, connection, name)
    for name in MADE:
        _timed(steps, f"write {name}", write, connection, lake, name)
    if options.keeps_raw:
        _timed(steps, "keep raw", keep_raw, connection, lake)
    connection.close()
    return [*RESOURCES, *MADE], steps


def connect(lake: Path, files: list[FileVersion], options: Options) -> "DuckDBPyConnection":
    """Open a database in memory and set the variables that the steps read."""
    import duckdb

    wanted: dict[str, str | int | float | list[str]] = {
        "threads": options.threads,
        "memory_limit": options.memory,
        "temp_directory": str(lake / ".spill"),
    }
    connection = duckdb.connect(config={name: value for name, value in wanted.items() if value})
    variables: dict[str, Any] = {
        "files": [file.path for file in files],
        "value_sets": str(VALUE_SETS / "*.csv"),
        "as_of_wanted": options.as_of,
        "received_at": options.received_at or datetime.now(UTC),
    }
    for name, value in variables.items():
        connection.execute(f"SET VARIABLE {name} = $1", [value])
    return connection


def run(connection: "DuckDBPyConnection", name: str) -> None:
    """Run one file of `sql/`."""
    connection.execute((HERE / "sql" / f"{name}.sql").read_text())


def merge(connection: "DuckDBPyConnection", lake: Path, name: str) -> None:
    """Write the newest version of each resource of one type, from the new versions and those in the lake.

    A version without a `lastUpdated` whose body is already the current one changes nothing.
    """
    held, versions = table_path(lake, name), f"SELECT * FROM {name}_version"
    if held.exists():
        versions = f"""
            SELECT v.* FROM {name}_version v ANTI JOIN '{held}' h ON NOT v.is_stamped AND h.source = v.source
                AND h.id = v.id AND h.sha256 = v.sha256
            UNION ALL BY NAME SELECT * FROM '{held}'"""
    newest = f"""
        SELECT * FROM ({versions})
        QUALIFY row_number() OVER (PARTITION BY source, id ORDER BY stamp DESC, number DESC, sha256 DESC) = 1"""
    connection.execute(f"COPY ({newest}) TO '{fresh_path(lake, name)}' (FORMAT parquet)")
    connection.execute(f"CREATE VIEW {name} AS FROM '{fresh_path(lake, name)}'")


def write(connection: "DuckDBPyConnection", lake: Path, name: str) -> None:
    """Write a table of the database as Parquet."""
    connection.execute(f"COPY {name} TO '{fresh_path(lake, name)}' (FORMAT parquet)")


def keep_raw(connection: "DuckDBPyConnection", lake: Path) -> None:
    """Keep the new lines as received, one file per batch; corrupt lines too, except those that are not UTF-8."""
    folder = lake / RAW
    folder.mkdir(exist_ok=True)
    number = len(list(folder.glob("*.parquet")))
    connection.execute(f"COPY ({LINES}) TO '{folder}/batch-{number:05}.parquet' (FORMAT parquet)")


def _timed(steps: Steps, name: str, step: Callable[..., None], *arguments: object) -> None:
    start = time.perf_counter()
    step(*arguments)
    steps[name] = round(time.perf_counter() - start, 3)
