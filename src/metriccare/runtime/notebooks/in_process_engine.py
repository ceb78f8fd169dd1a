"""A papermill engine that runs the cells in this process, for a Spark driver that no other process can join."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from IPython.core.displayhook import CapturingDisplayHook
from IPython.core.interactiveshell import InteractiveShell
from IPython.core.pylabtools import select_figure_formats
from IPython.utils.capture import CapturedIO, capture_output
from nbformat.v4 import new_output
from papermill.engines import Engine, papermill_engines

from metriccare.runtime.spark import borrowed_session

NAME = "in_process"


class InProcess(Engine):  # type: ignore[misc]
    """Runs the code cells in one IPython shell of this process and stops at the first failure."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **_: Any) -> None:
        """Execute a notebook for papermill; the outputs are the same as those of a kernel."""
        with borrowed_session(), _shell() as shell:
            for index, cell in enumerate(nb_man.nb.cells):
                nb_man.cell_start(cell, index)
                if cell.cell_type == "code" and cell.source.strip() and not _run(shell, cell):
                    nb_man.cell_exception(cell, index)
                    return
                nb_man.cell_complete(cell, index)


def register() -> None:
    """Register the engine with papermill."""
    papermill_engines.register(NAME, InProcess)


class _Shell(InteractiveShell):
    def enable_gui(self, gui: str | None = None) -> None:
        """Do nothing: figures are shown in the cells' outputs."""


@contextmanager
def _shell() -> Iterator[InteractiveShell]:
    """Yield a shell like that of a new kernel: empty, with the session magics and inline figures."""
    from matplotlib import pyplot

    pyplot.close("all")  # a cell would draw into an open figure, which then would not be shown
    _Shell.clear_instance()
    shell = _Shell.instance()
    shell.run_line_magic("load_ext", "metriccare.runtime.kernel")
    shell.enable_matplotlib("inline")  # type: ignore[no-untyped-call]
    select_figure_formats(shell, {"png"})  # type: ignore[no-untyped-call] # otherwise done for the first shell only
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
        frames = shell.InteractiveTB.structured_traceback(type(problem), problem, problem.__traceback__)
        text = [str(line) for line in frames]
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
