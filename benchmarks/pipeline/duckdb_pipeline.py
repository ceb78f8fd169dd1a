"""The same pipeline in DuckDB: raw FHIR files to Parquet tables and the measures of the profile `all_adult`.

Processes the files that are not in the lake yet: all of them (`full`), a further delivery (`delivery`: merged into the
tables of current resources, then stays and measures are recomputed) or none (`nothing`). Prints the costs as JSON.

    python -m benchmarks.pipeline.duckdb_pipeline --raw fhir_data/json --lake /tmp/duck --results duck.json
"""

import argparse
import json
import resource
import time
from datetime import date, datetime
from pathlib import Path
from typing import Any

from benchmarks.pipeline.duckdb_steps import Options, refresh
from benchmarks.pipeline.folder import snapshot, written
from benchmarks.pipeline.tables import input_files, known_files, publish, remember_files, table_path

MEGABYTE = 1_000_000


def main() -> None:
    """Bring a lake up to date with its raw folders and print the costs."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--raw", type=Path, action="append", required=True, help="FHIR files; may be repeated.")
    add("--lake", type=Path, required=True, help="The folder of the tables.")
    add("--as-of", type=date.fromisoformat, help="Last day that counts.  [default: the newest discharge]")
    add(
        "--received",
        type=datetime.fromisoformat,
        help="Orders resources without a lastUpdated.  [default: now]",
    )
    add("--threads", type=int, default=0, help="Maximum number of threads.  [default: one per core]")
    add("--memory", default="", metavar="2GB", help="DuckDB's limit.  [default: 80 %% of the machine]")
    add("--keep-raw", action="store_true", help="Also keep every line as received.")
    add("--results", type=Path, help="Write the measures here, as JSON.")
    given = parser.parse_args()
    options = Options(given.threads, given.memory, given.as_of, given.received, given.keep_raw)
    print(json.dumps(update(given.raw, given.lake, options)))
    if given.results:
        given.results.write_text(json.dumps(results(given.lake), indent=1, default=str))


def update(folders: list[Path], lake: Path, options: Options) -> dict[str, Any]:
    """Process the new files.

    Args:
        folders: the folders of the input files.
        lake: the folder of the tables; created if it does not exist.
        options: the options of DuckDB and of the run.

    Returns:
        `workload`, number of `files`, `work_s` and `cpu_s` without the start of Python, `written_mb`, `peak_mb`
        of this process so far, and the seconds of each of the `steps`.
    """
    start, processor = time.perf_counter(), time.process_time()
    known, found = known_files(lake), input_files(folders)
    if not found:
        raise SystemExit(
            f"There are no files in {', '.join(map(str, folders))}: pass another folder with --raw."
        )
    fresh = [file for file in found if file not in known]
    before, steps = snapshot(lake), dict[str, float]()
    if fresh:
        lake.mkdir(parents=True, exist_ok=True)
        names, steps = refresh(lake, fresh, options)
        publish(lake, names)
        remember_files(lake, known | set(fresh))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return {
        "workload": ("delivery" if known else "full") if fresh else "nothing",
        "files": len(fresh),
        "work_s": round(time.perf_counter() - start, 3),
        "cpu_s": round(time.process_time() - processor, 3),
        "written_mb": round(written(before, snapshot(lake)).bytes / MEGABYTE, 3),
        "peak_mb": round(peak / MEGABYTE, 1),
        "steps": steps,
    }


def results(lake: Path) -> list[dict[str, Any]]:
    """Return the measures of a lake, one row per measure, stratum and stratum value."""
    import duckdb

    found = duckdb.read_parquet(str(table_path(lake, "measure_result")))
    return [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]


if __name__ == "__main__":
    main()
