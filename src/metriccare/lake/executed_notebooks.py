"""The executed notebooks in a lake: `<lake>/runs/<run id>/<notebook>.ipynb`, on disk or S3."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from metriccare.lake import s3
from metriccare.settings import Lake, is_s3


@contextmanager
def run_folder(lake: Lake, run_id: str) -> Iterator[Path]:
    """Yield a local folder for a run; at the end its files are in the lake, even after an error.

    Raises:
        StorageError: a file can't be written to a lake on S3.
    """
    if not is_s3(lake.root):
        folder = Path(place(lake, run_id))
        folder.mkdir(parents=True, exist_ok=True)
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix="metriccare-") as scratch:
        try:
            yield Path(scratch)
        finally:
            for file in sorted(Path(scratch).iterdir()):
                s3.write(f"{place(lake, run_id)}/{file.name}", file.read_bytes())


def place(lake: Lake, run_id: str) -> str:
    """Return the location of a run's notebooks."""
    return f"{lake.runs}/{run_id}"


def kept(lake: Lake, notebook: str) -> list[str]:
    """Return the locations of one notebook's executions, the newest first."""
    if is_s3(lake.root):
        objects = [one for one in s3.list_objects(lake.runs) if one.url.endswith(f"/{notebook}.ipynb")]
        return [one.url for one in sorted(objects, key=lambda one: one.modified_at, reverse=True)]
    files = Path(lake.runs).glob(f"*/{notebook}.ipynb")
    return [str(path) for path in sorted(files, key=lambda path: path.stat().st_mtime, reverse=True)]


def run_of(notebook: str) -> str:
    """Return the run id in the location of an executed notebook."""
    return notebook.split("/")[-2]
