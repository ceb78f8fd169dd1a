"""The local notebook kernel: ipykernel plus AWS Glue's magics, so that the same cells run here and on Glue."""

from IPython.core.interactiveshell import InteractiveShell

from metriccare.runtime.kernel import session
from metriccare.runtime.kernel.ignored_options import IgnoredOptions
from metriccare.runtime.kernel.magics import GlueMagics
from metriccare.runtime.kernel.options import GLUE_ONLY, GLUE_ONLY_CELLS


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Register the magics with a shell; `%load_ext metriccare.runtime.kernel` does so in any Python kernel."""
    ignored = IgnoredOptions()
    shell.register_magics(GlueMagics(shell, ignored))
    for name in GLUE_ONLY:
        shell.register_magic_function(ignored.line_magic(name), "line", name)  # type: ignore[arg-type]
    for name in GLUE_ONLY_CELLS:
        shell.register_magic_function(ignored.cell_magic(name), "cell", name)  # type: ignore[arg-type]
    shell.events.register("post_run_cell", ignored.report)
    shell.events.register("post_run_cell", lambda result: session.wait_until_idle(result.error_in_exec))
