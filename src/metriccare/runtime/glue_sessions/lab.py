"""`metriccare glue-lab`: the endpoint and a JupyterLab whose `glue_pyspark` kernel uses it; they stop together."""

import os
import subprocess
from collections.abc import Sequence

from metriccare.runtime.glue_sessions.environment import (
    default_folder,
    install_kernel,
    jupyter_path,
    write_settings,
)
from metriccare.runtime.glue_sessions.serve import stop_event
from metriccare.runtime.glue_sessions.server import serving


def run_lab(command: Sequence[str]) -> int:
    """Run the endpoint and the command that starts JupyterLab; return the command's exit status.

    Only the Glue kernel gets the endpoint's settings; the local kernel keeps the user's own.

    Raises:
        EndpointError: the Glue kernel is not installed.
    """
    with stop_event() as stop, serving() as endpoint:
        folder = default_folder()
        kernels = install_kernel(folder, write_settings(endpoint, folder))
        environment = os.environ | {"JUPYTER_PATH": jupyter_path(kernels)}
        process = subprocess.Popen(command, env=environment)  # noqa: S603
        try:
            while process.poll() is None and not stop.wait(0.2):
                pass
            return _stop(process)
        finally:
            if process.poll() is None:
                process.kill()


def _stop(process: "subprocess.Popen[bytes]") -> int:
    """Stop JupyterLab and with it its kernels, if it is still running; return its exit status."""
    if process.poll() is None:
        process.terminate()
    return process.wait(timeout=30)
