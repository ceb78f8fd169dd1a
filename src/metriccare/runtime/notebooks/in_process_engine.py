"""A papermill engine that runs the cells in this process, for a driver whose Spark no other process can join."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from IPython.core.displayhook import CapturingDisplayHook
from IPython.core.interactiveshell import InteractiveShell
from IPython.core.pylabtools import select_figure_formats
from IPython.utils.capture import CapturedIO, capture_output
from nbformat.v4 import new_output
from papermill.engines import Engine, papermill_engines

from metriccare.runtime.spark import lent

NAME = "in_process"


class InProcess(Engine):  # type: ignore[misc]
    """Runs each code cell in one IPython shell of this process; stops at the first that fails."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **_: Any) -> None:
        """Execute the notebook that papermill manages; the outputs are those that a kernel would have sent."""
        with lent(), _shell() as shell:
            for index, cell in enumerate(nb_man.nb.cells):
                nb_man.cell_start(cell, index)
                if cell.cell_type == "code" and cell.source.strip() and not _run(shell, cell):
                    nb_man.cell_exception(cell, index)
                    return
                nb_man.cell_complete(cell, index)


def register() -> None:
    """Make the engine known to papermill."""
    papermill_engines.register(NAME, InProcess)


class _Shell(InteractiveShell):
    def enable_gui(self, gui: str | None = None) -> None:
        """Do nothing: pictures go into the cells."""


@contextmanager
def _shell() -> Iterator[InteractiveShell]:
    """Give a shell as a new kernel's: empty, with the session magics, pictures in the cell."""
    from matplotlib import pyplot

    pyplot.close("all")  # a cell would draw into a picture that is open, which then is not shown
    _Shell.clear_instance()
    shell = _Shell.instance()
    shell.run_line_magic("load_ext", "metriccare.runtime.kernel")
    shell.enable_matplotlib("inline")  # type: ignore[no-untyped-call]
    select_figure_formats(shell, {"png"})  # type: ignore[no-untyped-call] # which happens for the first shell only
    try:
        yield shell
    finally:
        _Shell.clear_instance()


def _run(shell: InteractiveShell, cell: Any) -> bool:
    with capture_output() as captured:
        shell.display_trap.hook = CapturingDisplayHook(shell, captured._outputs)  # type: ignore[no-untyped-call]
        result = shell.run_cell(cell.source, store_history=True)  # type: ignore[no-untyped-call]
    cell.execution_count = result.execution_count
    cell.outputs = _outputs(captured)
    problem = result.error_before_exec or result.error_in_exec
    if problem is not None:
        told = shell.InteractiveTB.structured_traceback(type(problem), problem, problem.__traceback__)
        text = [str(line) for line in told]
        name = type(problem).__name__
        cell.outputs.append(new_output("error", ename=name, evalue=str(problem), traceback=text))  # type: ignore[no-untyped-call]
    return problem is None


def _outputs(captured: CapturedIO) -> list[Any]:
    texts = (("stdout", captured.stdout), ("stderr", captured.stderr))
    streams = [new_output("stream", name=name, text=text) for name, text in texts if text]  # type: ignore[no-untyped-call]
    shown = [
        new_output("display_data", data=one.data, metadata=one.metadata or {})  # type: ignore[no-untyped-call]
        for one in captured.outputs
    ]
    return streams + shown
