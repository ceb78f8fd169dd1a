"""No process that a run starts imports what only takes time: a grammar of addresses, and scipy's statistics."""

import ast
import importlib
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from metriccare.runtime.iri_grammar import MODULE, skip_iri_grammar
from metriccare.settings import NOTEBOOKS

ROOT = Path(__file__).parents[2]
# The first of them has seconds to lose only where JupyterLab is installed, as it is here.
SLOW = (MODULE, "scipy.stats")
PRINT_SLOW = f"import sys; print([name for name in {SLOW} if sys.modules.get(name)])"
OF_A_RUN = (
    "metriccare.pipeline.run",
    "metriccare.runtime.notebooks.execute",
    "metriccare.reporting.html_report",
    "metriccare.reporting.preflight",
    "metriccare.reporting.results",
    "metriccare.reporting.terminal_tables",
)


def imports_of(notebook: str) -> str:
    """Return the import statements of a notebook."""
    cells = nbformat.read(ROOT / "notebooks" / f"{notebook}.ipynb", as_version=4).cells
    sources = [cell.source for cell in cells if cell.cell_type == "code" and not cell.source.startswith("%")]
    code = "\n".join(line for source in sources for line in source.splitlines() if line[:1] != "%")
    found = [one for one in ast.parse(code).body if isinstance(one, ast.Import | ast.ImportFrom)]
    return "\n".join(map(ast.unparse, found))


def test_the_grammar_is_there_to_be_left_out() -> None:
    code = f"import importlib.util; print(importlib.util.find_spec({MODULE!r}) is not None)"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "True"
    assert find_spec("scipy.stats")


def test_the_modules_of_a_run_load_nothing_slow() -> None:
    code = f"""
from metriccare.cli import main
try:
    main(["run", "--help"])
except SystemExit:
    pass
import {", ".join(OF_A_RUN)}
{PRINT_SLOW}
"""
    answer = subprocess.check_output([sys.executable, "-c", code], text=True)
    assert answer.splitlines()[-1] == "[]"


def test_a_kernel_loads_nothing_slow_for_the_imports_of_all_notebooks() -> None:
    cells = [*map(imports_of, NOTEBOOKS), PRINT_SLOW]
    notebook = new_notebook(cells=[new_code_cell(cell) for cell in cells])
    NotebookClient(notebook, kernel_name="metriccare", timeout=120).execute()
    assert all(cells)
    assert [cell.outputs for cell in notebook.cells[:-1]] == [[]] * len(NOTEBOOKS)
    assert notebook.cells[-1].outputs[0].text == "[]\n"


def test_a_process_that_has_loaded_the_grammar_keeps_it(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = importlib.import_module("json")
    monkeypatch.setitem(sys.modules, MODULE, loaded)
    skip_iri_grammar()
    assert sys.modules[MODULE] is loaded
