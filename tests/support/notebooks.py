"""Notebooks as they are written, and as they look after their execution."""

from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

PARAMETERS = 'lake: str = ""\ncount: int = 3\n'
ONE_PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def write_notebook(folder: Path, name: str, *cells: str, parameters: str = PARAMETERS) -> Path:
    """Write a notebook of a title, a `parameters` cell and these code cells into a folder."""
    tagged = new_code_cell(parameters, metadata={"tags": ["parameters"]})
    notebook = new_notebook(cells=[new_markdown_cell(f"# {name}"), tagged, *map(new_code_cell, cells)])
    path = folder / f"{name}.ipynb"
    path.parent.mkdir(exist_ok=True)
    nbformat.write(notebook, path)
    return path


def write_executed(path: Path) -> None:
    """Write a notebook as it looks after its execution: a table, a picture, a warning, what a magic said."""
    picture = new_output("display_data", data={"image/png": ONE_PIXEL, "text/plain": "<Figure>"})
    table = new_output("execute_result", data={"text/html": "<table><tr><td>4,321</td></tr></table>"})
    warning = new_output("stream", name="stderr", text="DeprecationWarning: old")
    note = new_output("stream", name="stdout", text="glue_version 5.0: applies on AWS Glue")
    findings = new_output("stream", name="stdout", text="- stays < 5 days\n- no zone\n")
    cells = [
        new_markdown_cell("# Gold\nThe four measures."),
        new_markdown_cell("## Session\nWhere it runs."),
        new_code_cell("%glue_version 5.0", outputs=[note], execution_count=1),
        new_markdown_cell("## Readmission\nWho comes back."),
        new_code_cell("secret_code = 1", outputs=[table, picture, warning, findings], execution_count=2),
        new_markdown_cell("## Checks for the author"),
        new_code_cell("internal = 2", outputs=[table], metadata={"tags": ["no-report"]}, execution_count=3),
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(new_notebook(cells=cells), path)
