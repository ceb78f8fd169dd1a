"""What an executed notebook records about its execution."""

from typing import Any


def unexecuted_cells(notebook: Any) -> list[int]:
    """Return the positions (from 1) of the code cells that hold code and did not complete.

    papermill reports no error when a kernel aborts cells or a cell exits the kernel.
    """
    return [
        position
        for position, cell in enumerate(notebook.cells, start=1)
        if cell.cell_type == "code" and cell.source.strip() and not _has_completed(cell)
    ]


def _has_completed(cell: Any) -> bool:
    has_error = any(output.output_type == "error" for output in cell.outputs)
    return cell.execution_count is not None and not has_error
