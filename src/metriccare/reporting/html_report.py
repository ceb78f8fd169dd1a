"""The report: the latest gold notebook as one HTML file, with charts and tables but without code."""

from collections.abc import Sequence
from html import escape
from itertools import pairwise
from pathlib import Path
from string import Template
from typing import Any

import nbformat
from nbconvert import HTMLExporter
from nbformat.v4 import new_output

from metriccare.definitions.tables import RUN
from metriccare.errors import LakeError, StorageError
from metriccare.lake.executed_notebooks import kept, run_of
from metriccare.lake.reader import read_table
from metriccare.lake.run_log import Row, newest_run
from metriccare.lake.storage import read
from metriccare.runtime.notebooks.executed import unexecuted_cells
from metriccare.settings import NOTEBOOKS, Lake

HIDDEN_TAG = "no-report"

_TEMPLATE = Path(__file__).parent / "templates" / "report.html"
_NOTICE = '<p class="notice">Synthetic data: no real patient, hospital or result is shown.</p>'


def write_report(lake: Lake, out: Path) -> Path:
    """Write the report of the latest complete run to `out` and return its absolute path.

    Raises:
        LakeError: no run has finished in this lake yet.
        StorageError: the file can't be written.
    """
    location, notebook = newest_notebook(lake)
    page = render(notebook, _run(lake, run_of(location)))
    target = out.expanduser().resolve()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(page, encoding="utf-8")
    except OSError as problem:
        raise StorageError(
            f"The report can't be written to {target} ({problem.strerror}): name a file in a folder that you may write "
            "to."
        ) from problem
    return target


def newest_notebook(lake: Lake) -> tuple[str, Any]:
    """Return the location and content of the latest gold notebook in which all cells were executed.

    Raises:
        LakeError: there is none.
    """
    for location in kept(lake, NOTEBOOKS[-1]):
        notebook = _read(location)
        if not unexecuted_cells(notebook):
            return location, notebook
    raise LakeError(f"No run has finished in {lake.root} yet: run `metriccare run` first.")


def render(notebook: Any, run: Row) -> str:
    """Return the HTML page of an executed notebook and its row of `gold.run`."""
    cells = _without_empty_sections(list(map(_without_notices, notebook.cells)))
    notebook.cells = [cell for cell in cells if not _is_hidden(cell)]
    exporter = HTMLExporter(  # type: ignore[no-untyped-call]
        template_name="basic",
        exclude_input=True,
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        exclude_anchor_links=True,
        embed_images=True,
    )
    body, _ = exporter.from_notebook_node(notebook)
    return Template(_TEMPLATE.read_text(encoding="utf-8")).substitute(
        facts="".join(map(_fact, _facts(run).items())),
        notice=_NOTICE if run["is_synthetic"] else "",
        body=body,
    )


def _facts(run: Row) -> dict[str, str]:
    return {
        "As of": str(run["as_of"]),
        "Rates": "observed, unadjusted",
        "Run": run["run_id"],
        "Definitions": run["definition_version"],
    }


def _fact(fact: tuple[str, str]) -> str:
    name, value = fact
    return f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>"


def _without_notices(cell: Any) -> Any:
    """Return the cell without output that only its author needs: warnings, and messages of the session magics."""
    if cell.cell_type == "code":
        is_magic = cell.source.lstrip().startswith("%") and not cell.source.lstrip().startswith("%%sql")
        outputs = [] if is_magic or _is_hidden(cell) else cell.outputs
        cell.outputs = [_as_list(output) for output in outputs if output.get("name") != "stderr"]
    return cell


def _as_list(output: Any) -> Any:
    """Return printed lines as an HTML list if all of them begin with a dash."""
    lines = output.get("text", "").splitlines()
    if not lines or not all(line.startswith("- ") for line in lines):
        return output
    items = "".join(f"<li>{escape(line[2:])}</li>" for line in lines)
    return new_output("display_data", data={"text/html": f"<ul>{items}</ul>"})  # type: ignore[no-untyped-call]


def _is_hidden(cell: Any) -> bool:
    return HIDDEN_TAG in cell.metadata.get("tags", [])


def _without_empty_sections(cells: Sequence[Any]) -> list[Any]:
    """Return the cells without the sections that show no output, whose headings would stand alone."""
    starts = [position for position, cell in enumerate(cells) if cell.cell_type == "markdown"]
    sections = [cells[start:end] for start, end in pairwise([0, *starts, len(cells)])]
    return [cell for section in sections if _shows(section) for cell in section]


def _shows(section: Sequence[Any]) -> bool:
    code = [cell for cell in section if cell.cell_type == "code"]
    return not code or any(cell.outputs for cell in code)


def _run(lake: Lake, run_id: str) -> Row:
    """Return the row of the run, or the latest row if the run changed nothing and wrote none."""
    rows = read_table(lake, RUN, filters=[("run_id", "=", run_id)]).to_pylist()
    return rows[0] if rows else newest_run(lake)


def _read(location: str) -> Any:
    return nbformat.reads(read(location).decode("utf-8"), as_version=4)  # type: ignore[no-untyped-call]
