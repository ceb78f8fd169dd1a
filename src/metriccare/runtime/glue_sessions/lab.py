"""`make glue-lab`: the endpoint and a JupyterLab whose `glue_pyspark` kernel uses it; they stop together."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from metriccare.errors import MetricCareError
from metriccare.runtime import kernel
from metriccare.runtime.glue_sessions.environment import (
    KERNEL,
    default_folder,
    install_kernel,
    write_settings,
)
from metriccare.runtime.glue_sessions.serve import stop_event
from metriccare.runtime.glue_sessions.server import serving
from metriccare.settings import project_root


def lab(options: Sequence[str]) -> int:
    """Run the endpoint and JupyterLab with these options; return JupyterLab's exit status.

    Only the Glue kernel gets the endpoint's settings; the local kernel keeps the user's own.

    Raises:
        EndpointError: the Glue kernel is not installed.
    """
    with stop_event() as stop, serving() as endpoint:
        folder = default_folder()
        kernels = install_kernel(folder, write_settings(endpoint, folder))
        path = os.pathsep.join(filter(None, (str(kernels), os.environ.get("JUPYTER_PATH"))))
        process = subprocess.Popen([*_command(), *options], env=os.environ | {"JUPYTER_PATH": path})  # noqa: S603
        try:
            while process.poll() is None and not stop.wait(0.2):
                pass
            return _stop(process)
        finally:
            if process.poll() is None:
                process.kill()


def _command() -> list[str]:
    return [
        sys.executable,
        "-m",
        "jupyterlab",
        f"--ServerApp.root_dir={project_root()}",
        f"--MultiKernelManager.default_kernel_name={KERNEL}",
        "--LabApp.default_url=/lab/tree/notebooks",
        f"--LabApp.app_settings_dir={Path(kernel.__file__).parent / 'jupyterlab'}",  # no news, no update checks
    ]


def _stop(process: "subprocess.Popen[bytes]") -> int:
    """Stop JupyterLab and with it its kernels, if it is still running; return its exit status."""
    if process.poll() is None:
        process.terminate()
    return process.wait(timeout=30)


if __name__ == "__main__":
    try:
        sys.exit(lab(sys.argv[1:]))
    except MetricCareError as error:
        sys.exit(str(error))
