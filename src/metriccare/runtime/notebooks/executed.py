"""What a notebook shows of its own execution."""

from typing import Any


def unexecuted_cells(notebook: Any) -> list[int]:
    """Return the positions (from 1) of the code cells that hold code and did not run to their end.

    papermill ends without an error when a kernel refuses cells or one of them exits.
    """
    return [
        position
        for position, cell in enumerate(notebook.cells, start=1)
        if cell.cell_type == "code" and cell.source.strip() and not _was_executed(cell)
    ]


def _was_executed(cell: Any) -> bool:
    has_error = any(output.output_type == "error" for output in cell.outputs)
    return cell.execution_count is not None and not has_error
