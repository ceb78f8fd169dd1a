"""What the notebooks keep in the repository, and how it is reduced to that."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from tools.kept_outputs import HTML, TAGS, as_kept, compact, is_checked
from tools.renew_outputs import renew


@pytest.fixture(scope="module")
def notebooks(root: Path) -> list[Any]:
    return [nbformat.read(path, as_version=4) for path in sorted((root / "notebooks").glob("*.ipynb"))]


def test_the_cells_with_outputs_are_those_that_nbval_checks(notebooks: list[Any]) -> None:
    cells = [cell for notebook in notebooks for cell in notebook.cells if cell.cell_type == "code"]
    assert {cell.id for cell in cells if cell.outputs} == {cell.id for cell in cells if is_checked(cell)}


def test_formatting_leaves_them(root: Path, tmp_path: Path) -> None:
    """As `make format` and the hook call it; the notebooks of the repository are formatted."""
    paths = sorted((root / "notebooks").glob("*.ipynb"))
    copies = [Path(shutil.copy(path, tmp_path)) for path in paths]
    subprocess.run([sys.executable, "-m", "nbstripout", "--keep-id", *copies], check=True)
    assert [copy.read_text() for copy in copies] == [path.read_text() for path in paths]


def test_what_is_kept_names_no_run_and_no_folder(notebooks: list[Any]) -> None:
    kept = str([cell.outputs for notebook in notebooks for cell in notebook.cells if cell.get("outputs")])
    assert [word for word in ("/tmp", "/fhir_data", "Z-", "<style") if word in kept] == []


def test_all_that_serves_exploration_stays_out_of_the_report(notebooks: list[Any]) -> None:
    cells = notebooks[-1].cells
    (start,) = (at for at, cell in enumerate(cells) if cell.source.startswith("## Explore"))
    assert len(cells) > start + 5
    assert [cell.id for cell in cells[start:] if "no-report" not in cell.metadata.get("tags", [])] == []


def test_a_table_keeps_its_cells_one_row_a_line() -> None:
    table = pd.DataFrame({"n": [1, 2]}, index=["a < b", "c"])
    assert compact(table._repr_html_()) == (  # type: ignore[operator]
        "<div><table>"
        "<thead>\n<tr><th></th><th>n</th></tr></thead>"
        "<tbody>\n<tr><th>a &lt; b</th><td>1</td></tr>\n<tr><th>c</th><td>2</td></tr></tbody>"
        "\n</table></div>"
    )


def test_printed_text_is_one_piece_and_warnings_and_pictures_go() -> None:
    outputs = [
        new_output("stream", name="stdout", text="a\n"),
        new_output("stream", name="stderr", text="warning"),
        new_output("display_data", data={"image/png": "x", "text/plain": "<Picture>"}),
        new_output("stream", name="stdout", text="b\n"),
    ]
    assert as_kept(outputs) == [
        {"output_type": "stream", "name": "stdout", "text": "a\nb\n"},
        {"output_type": "display_data", "data": {"text/plain": "<Picture>"}, "metadata": {}},
    ]


def test_what_is_kept_is_kept_again() -> None:
    data = {"text/html": pd.DataFrame({"n": [1]})._repr_html_(), "text/plain": "n"}  # type: ignore[operator]
    once = as_kept([new_output("execute_result", data=data, execution_count=3)])
    assert list(once[0].data) == [HTML]
    assert as_kept(once) == once


def test_renewing_takes_the_outputs_of_checked_cells_only(tmp_path: Path) -> None:
    shown = [new_output("stream", name="stdout", text="2\n")]
    cells = [
        new_markdown_cell("Text.", id="a"),
        new_code_cell("print(2)", id="b", metadata={"tags": [*TAGS]}),
        new_code_cell("print(2)", id="c", outputs=shown),
    ]
    executed = [cells[0], *(new_code_cell("", id=cell.id, outputs=shown) for cell in cells[1:])]
    for name, content in (("notebook", cells), ("executed", executed)):
        nbformat.write(new_notebook(cells=content), tmp_path / f"{name}.ipynb")

    renew(tmp_path / "notebook.ipynb", tmp_path / "executed.ipynb")

    _, checked, other = nbformat.read(tmp_path / "notebook.ipynb", as_version=4).cells
    assert (checked.outputs, other.outputs) == (shown, [])
    assert checked.execution_count is None
