"""The lake of the DuckDB pipeline: Parquet files in one folder, and the list of the input files in them."""

import json
from pathlib import Path
from typing import NamedTuple

STATE = "files.json"
IGNORED = frozenset({"truth.json"})


class FileVersion(NamedTuple):
    """One version of an input file; another size or modification time is another version."""

    path: str
    size: int
    modified_ns: int


def input_files(folders: list[Path]) -> list[FileVersion]:
    """Return the files below the folders in the order of their paths; hidden ones are not input."""
    found = sorted({path for folder in folders for path in folder.rglob("*") if _is_input(path, folder)})
    return [FileVersion(str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in found]


def _is_input(path: Path, folder: Path) -> bool:
    hidden = any(part.startswith((".", "_")) for part in path.relative_to(folder).parts)
    return not hidden and path.name not in IGNORED and path.is_file()


def known_files(lake: Path) -> set[FileVersion]:
    """Return the input files whose content is in the tables."""
    state = lake / STATE
    return {FileVersion(*row) for row in json.loads(state.read_text())} if state.exists() else set()


def remember_files(lake: Path, known: set[FileVersion]) -> None:
    """Record the input files, after all tables are written."""
    fresh = lake / f".{STATE}"
    fresh.write_text(json.dumps(sorted(known)))
    fresh.replace(lake / STATE)


def table_path(lake: Path, name: str) -> Path:
    """Return the path of a table."""
    return lake / f"{name}.parquet"


def fresh_path(lake: Path, name: str) -> Path:
    """Return the path to which a table is written before it replaces the old one."""
    return lake / f".{name}.parquet"


def publish(lake: Path, names: list[str]) -> None:
    """Replace the old tables by the newly written ones."""
    for name in names:
        fresh_path(lake, name).replace(table_path(lake, name))
