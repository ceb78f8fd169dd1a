"""The local notebook kernel: ipykernel plus the magics of AWS Glue, so the same cells run in both places."""

from IPython.core.interactiveshell import InteractiveShell

from metriccare.runtime.kernel import session
from metriccare.runtime.kernel.magics import GlueMagics
from metriccare.runtime.kernel.notes import Notes
from metriccare.runtime.kernel.options import GLUE_ONLY, GLUE_ONLY_CELLS


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Register the magics with a shell (`%load_ext metriccare.runtime.kernel` does it in any Python kernel)."""
    notes = Notes()
    shell.register_magics(GlueMagics(shell, notes))
    for name in GLUE_ONLY:
        shell.register_magic_function(notes.line_magic(name), "line", name)  # type: ignore[arg-type]
    for name in GLUE_ONLY_CELLS:
        shell.register_magic_function(notes.cell_magic(name), "cell", name)  # type: ignore[arg-type]
    shell.events.register("post_run_cell", notes.tell)
    shell.events.register("post_run_cell", lambda result: session.settle(result.error_in_exec))
