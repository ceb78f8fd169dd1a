"""Checks what a committed notebook must and must not contain, and reports findings by file and cell.

Usage: python -m tools.check_notebooks notebooks/*.ipynb
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat

from tools.kept_outputs import CHECKED, KEPT, as_kept, is_checked

KERNEL = "metriccare"
MOST_LINES = 12
MOST_BYTES = 200_000
DEFINITION = re.compile(r"^\s*(?:async\s+def|def|class)\s", re.MULTILINE)
SENTENCE = re.compile(r"\w[)`*_\"”]*[.:?!…](?:\s|$)")

Cell = Any  # nbformat gives dictionaries with attribute access, untyped


def main(paths: list[str]) -> int:
    """Print every finding and return the exit status."""
    if not paths:
        print("There is no notebook to check; pass at least one file.", file=sys.stderr)
        return 2
    findings = [finding for path in paths for finding in check_notebook(Path(path))]
    for finding in findings:
        print(finding, file=sys.stderr)
    return 1 if findings else 0


def check_notebook(path: Path) -> Iterator[str]:
    """Yield one sentence per finding, beginning with the file and, for a cell, its number."""
    text = path.read_text(encoding="utf-8")
    try:
        notebook = nbformat.reads(text, as_version=4)  # type: ignore[no-untyped-call]
        nbformat.validate(notebook)
    except (nbformat.reader.NotJSONError, nbformat.ValidationError) as error:
        yield f"{path}: is not a valid notebook: {str(error).splitlines()[0]}"
        return
    size = len(text.encode())
    if size > MOST_BYTES:
        yield f"{path}: has {size:,} bytes, at most {MOST_BYTES:,} are allowed; strip outputs with `make format`."
    yield from (f"{path}: {finding}" for finding in _metadata(notebook))
    for number, cell in enumerate(notebook.cells, start=1):
        before = notebook.cells[number - 2] if number > 1 else None
        if cell.cell_type == "code":
            yield from (f"{path}: cell {number}: {finding}" for finding in _code_cell(cell, before))


def _metadata(notebook: Any) -> Iterator[str]:
    kernel = notebook.metadata.get("kernelspec", {})
    if kernel.get("name") != KERNEL:
        yield f"the kernel is {kernel.get('name')!r}, expected {KERNEL!r}."
    language = kernel.get("language", notebook.metadata.get("language_info", {}).get("name"))
    if language != "python":
        yield f"the language is {language!r}, expected 'python'."
    count = sum("parameters" in _tags(cell) and cell.cell_type == "code" for cell in notebook.cells)
    if count != 1:
        yield f"{count} code cells are tagged `parameters`, expected one."


def _code_cell(cell: Cell, before: Cell | None) -> Iterator[str]:
    yield from _outputs(cell)
    if cell.execution_count is not None:
        yield "has an execution count; strip it with `make format`."
    if DEFINITION.search(cell.source):
        yield "defines a function or class; it belongs in the package."
    lines = sum(bool(line.strip()) for line in cell.source.splitlines())
    if lines > MOST_LINES:
        yield f"has {lines} lines, at most {MOST_LINES} are allowed; move details into the package."
    if before is None or before.cell_type != "markdown" or not _has_sentence(before.source):
        yield "has no text cell with a sentence above it."


def _outputs(cell: Cell) -> Iterator[str]:
    if is_checked(cell) != (KEPT in _tags(cell)):
        yield f"has only one of the tags `{CHECKED}` and `{KEPT}`; nbval compares kept outputs, so use both."
    elif not is_checked(cell) and cell.outputs:
        yield f"has outputs; strip them with `make format` or tag the cell `{CHECKED}` and `{KEPT}`."
    elif is_checked(cell) and (not cell.outputs or cell.outputs != as_kept(cell.outputs)):
        yield "has no output to compare, or more than text and a plain table; renew it with `make outputs`."


def _has_sentence(markdown: str) -> bool:
    prose = "\n".join(line for line in markdown.splitlines() if not line.lstrip().startswith("#"))
    return bool(SENTENCE.search(prose))


def _tags(cell: Cell) -> list[str]:
    return list(cell.metadata.get("tags", ()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
